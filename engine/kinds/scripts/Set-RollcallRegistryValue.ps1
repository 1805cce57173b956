# Set-RollcallRegistryValue: write one registry value; creates the key, replaces a value of another type.
#
# Input    Hive   HKLM or HKU.
#          Key    path below the hive, without a leading backslash.
#          View   64 or 32: which registry view a program of that width sees.
#          Name   the value's name; '' is the key's default value.
#          Type   String, ExpandString, MultiString, DWord, QWord, Binary or None.
#          Data   the lines for MultiString, which may be none; exactly one string for the other types:
#                 the text, a decimal number without a sign for DWord and QWord, base64 for Binary and None.
# Output   nothing
# Errors   RollcallRegistryDataInvalid   Data does not fit Type; nothing was written (InvalidData)
#          RollcallRegistryAccessDenied  the key may not be written (PermissionDenied)
#          RollcallRegistryFailed        anything else (WriteError)
function Set-RollcallRegistryValue {
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)]
        [ValidateSet('HKLM', 'HKU')]
        [string] $Hive,

        [Parameter(Mandatory = $true)]
        [ValidateNotNullOrEmpty()]
        [string] $Key,

        [Parameter(Mandatory = $true)]
        [ValidateSet(32, 64)]
        [int] $View,

        [Parameter(Mandatory = $true)]
        [AllowEmptyString()]
        [string] $Name,

        [Parameter(Mandatory = $true)]
        [ValidateSet('String', 'ExpandString', 'MultiString', 'DWord', 'QWord', 'Binary', 'None')]
        [string] $Type,

        [Parameter(Mandatory = $true)]
        [AllowEmptyCollection()]
        [AllowEmptyString()]
        [string[]] $Data
    )

    Set-StrictMode -Version 3.0
    $value = $null
    try {
        if ($Type -ne 'MultiString' -and $Data.Count -ne 1) {
            throw [System.FormatException]::new("A value of type $Type takes exactly one string.")
        }
        $digits = [System.Globalization.NumberStyles]::None
        $culture = [cultureinfo]::InvariantCulture
        switch ($Type) {
            'MultiString' { $value = [string[]] $Data }
            'DWord' { $value = [BitConverter]::ToInt32([BitConverter]::GetBytes([uint32]::Parse($Data[0], $digits, $culture)), 0) }
            'QWord' { $value = [BitConverter]::ToInt64([BitConverter]::GetBytes([uint64]::Parse($Data[0], $digits, $culture)), 0) }
            'Binary' { $value = [byte[]] [Convert]::FromBase64String($Data[0]) }
            'None' { $value = [byte[]] [Convert]::FromBase64String($Data[0]) }
            default { $value = [string] $Data[0] }
        }
    }
    catch {
        $PSCmdlet.WriteError([System.Management.Automation.ErrorRecord]::new(
                $_.Exception, 'RollcallRegistryDataInvalid', [System.Management.Automation.ErrorCategory]::InvalidData, "${Hive}\${Key}"))
        return
    }

    $root = $null
    $opened = $null
    try {
        $hiveCode = [Microsoft.Win32.RegistryHive]::LocalMachine
        if ($Hive -eq 'HKU') { $hiveCode = [Microsoft.Win32.RegistryHive]::Users }
        $viewCode = [Microsoft.Win32.RegistryView]::Registry64
        if ($View -eq 32) { $viewCode = [Microsoft.Win32.RegistryView]::Registry32 }

        $root = [Microsoft.Win32.RegistryKey]::OpenBaseKey($hiveCode, $viewCode)
        $opened = $root.CreateSubKey($Key, [Microsoft.Win32.RegistryKeyPermissionCheck]::ReadWriteSubTree)
        $opened.SetValue($Name, $value, [Microsoft.Win32.RegistryValueKind] $Type)
    }
    catch [System.Security.SecurityException], [System.UnauthorizedAccessException] {
        $PSCmdlet.WriteError([System.Management.Automation.ErrorRecord]::new(
                $_.Exception, 'RollcallRegistryAccessDenied', [System.Management.Automation.ErrorCategory]::PermissionDenied, "${Hive}\${Key}"))
    }
    catch {
        $PSCmdlet.WriteError([System.Management.Automation.ErrorRecord]::new(
                $_.Exception, 'RollcallRegistryFailed', [System.Management.Automation.ErrorCategory]::WriteError, "${Hive}\${Key}"))
    }
    finally {
        if ($null -ne $opened) { $opened.Dispose() }
        if ($null -ne $root) { $root.Dispose() }
    }
}
