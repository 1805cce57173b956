# ConvertTo-RollcallTable: what comes down the pipeline as one list of short rows, for the way over the wire.
# A thousand objects or errors, each with all its properties and type names, would fill many answers.
# The command before it has to send its errors down the pipeline too, so that they keep their place.
#
# Input    InputObject  from the pipeline: objects and error records
#          Property     the properties to keep of each object
# Output   one list of rows, each a list:
#          'object' and the values of the properties, in the order of Property: texts, numbers and Booleans as
#                   they are, lists as texts, null where there is no such property, anything else as text
#          'error'  and FullyQualifiedErrorId, category, message, target and command of an error record
# Errors   RollcallTableFailed  something could not be converted (InvalidData)
function ConvertTo-RollcallTable {
    [CmdletBinding()]
    [OutputType([object[]])]
    param(
        [Parameter(ValueFromPipeline = $true)]
        [AllowNull()]
        [psobject] $InputObject,

        [Parameter(Mandatory = $true)]
        [ValidateNotNullOrEmpty()]
        [string[]] $Property
    )

    begin {
        Set-StrictMode -Version 3.0
        $rows = [System.Collections.Generic.List[object]]::new()
    }
    process {
        if ($null -eq $InputObject) { return }
        try {
            $row = [System.Collections.Generic.List[object]]::new()
            if ($InputObject -is [System.Management.Automation.ErrorRecord]) {
                $message = $InputObject.Exception.Message
                if ($null -ne $InputObject.ErrorDetails) { $message = $InputObject.ErrorDetails.Message }
                $category = $InputObject.CategoryInfo
                $row.Add('error')
                $row.Add("$($InputObject.FullyQualifiedErrorId)")
                $row.Add("$($category.Category)")
                $row.Add("$message")
                $row.Add("$($category.TargetName)")
                $row.Add("$($category.Activity)")
            }
            else {
                $row.Add('object')
                foreach ($name in $Property) {
                    $member = $InputObject.PSObject.Properties[$name]
                    $value = $null
                    if ($null -ne $member) { $value = $member.Value }
                    if ($value -is [array]) {
                        $value = [string[]] $value
                    }
                    elseif ($null -ne $value -and ($value -is [enum] -or $value -isnot [ValueType])) {
                        $value = "$value"
                    }
                    $row.Add($value)
                }
            }
            $rows.Add($row.ToArray())
        }
        catch {
            $PSCmdlet.WriteError([System.Management.Automation.ErrorRecord]::new(
                    $_.Exception, 'RollcallTableFailed', [System.Management.Automation.ErrorCategory]::InvalidData, $null))
        }
    }
    end {
        , $rows.ToArray()
    }
}
