# Get-RollcallRegistryValue: read one value of a registry key, or all of them, raw.
#
# Input    Hive   HKLM or HKU.
#          Key    path below the hive, without a leading backslash.
#          View   64 or 32: which registry view a program of that width sees.
#          Name   the value's name; '' is the key's default value. Left out: all values of the key.
# Output   one object per value, never none:
#          KeyExists    [bool]
#          ValueExists  [bool]; False in the only object where the key or the value does not exist,
#                       and where all values were asked for and the key has none.
#          Name         [string] as stored
#          Type         [string] String, ExpandString, MultiString, DWord, QWord, Binary, None,
#                       Unknown (a type that .NET has no name for), Malformed (the data does not fit the type)
#          Data         [string]: text with its variables unexpanded, decimal without a sign for DWord and
#                       QWord, base64 for Binary and None; [string[]] for MultiString; '' for the others
# Errors   RollcallRegistryAccessDenied  the key may not be read (PermissionDenied)
#          RollcallRegistryFailed        anything else, for example a key marked for deletion (ReadError)
function Get-RollcallRegistryValue {
    [CmdletBinding()]
    [OutputType([psobject])]
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

        [Parameter()]
        [AllowEmptyString()]
        [string] $Name
    )

    Set-StrictMode -Version 3.0
    $root = $null
    $opened = $null
    try {
        $hiveCode = [Microsoft.Win32.RegistryHive]::LocalMachine
        if ($Hive -eq 'HKU') { $hiveCode = [Microsoft.Win32.RegistryHive]::Users }
        $viewCode = [Microsoft.Win32.RegistryView]::Registry64
        if ($View -eq 32) { $viewCode = [Microsoft.Win32.RegistryView]::Registry32 }

        $root = [Microsoft.Win32.RegistryKey]::OpenBaseKey($hiveCode, $viewCode)
        $opened = $root.OpenSubKey($Key, $false)
        $names = @()
        if ($null -ne $opened) { $names = @($opened.GetValueNames()) }
        if ($PSBoundParameters.ContainsKey('Name')) {
            $names = @($names | Where-Object { [string]::Equals($_, $Name, [StringComparison]::OrdinalIgnoreCase) })
        }
        if ($names.Count -eq 0) {
            [pscustomobject]@{
                KeyExists = ($null -ne $opened); ValueExists = $false; Name = "$Name"; Type = ''; Data = ''
            }
            return
        }

        foreach ($found in $names) {
            $kind = $opened.GetValueKind($found)
            $raw = $opened.GetValue($found, $null, [Microsoft.Win32.RegistryValueOptions]::DoNotExpandEnvironmentNames)
            $type = "$kind"
            $data = ''
            if ($kind -eq [Microsoft.Win32.RegistryValueKind]::DWord -and $raw -is [int]) {
                $data = [BitConverter]::ToUInt32([BitConverter]::GetBytes($raw), 0).ToString([cultureinfo]::InvariantCulture)
            }
            elseif ($kind -eq [Microsoft.Win32.RegistryValueKind]::QWord -and $raw -is [long]) {
                $data = [BitConverter]::ToUInt64([BitConverter]::GetBytes($raw), 0).ToString([cultureinfo]::InvariantCulture)
            }
            elseif ($kind -eq [Microsoft.Win32.RegistryValueKind]::MultiString -and $raw -is [string[]]) {
                $data = $raw
            }
            elseif ($kind -in @([Microsoft.Win32.RegistryValueKind]::String, [Microsoft.Win32.RegistryValueKind]::ExpandString) -and $raw -is [string]) {
                $data = $raw
            }
            elseif ($kind -in @([Microsoft.Win32.RegistryValueKind]::Binary, [Microsoft.Win32.RegistryValueKind]::None) -and $raw -is [byte[]]) {
                $data = [Convert]::ToBase64String($raw)
            }
            elseif ($kind -ne [Microsoft.Win32.RegistryValueKind]::Unknown) {
                $type = 'Malformed'
            }
            [pscustomobject]@{
                KeyExists = $true; ValueExists = $true; Name = $found; Type = $type; Data = $data
            }
        }
    }
    catch [System.Security.SecurityException], [System.UnauthorizedAccessException] {
        $PSCmdlet.ThrowTerminatingError([System.Management.Automation.ErrorRecord]::new(
                $_.Exception, 'RollcallRegistryAccessDenied', [System.Management.Automation.ErrorCategory]::PermissionDenied, "${Hive}\${Key}"))
    }
    catch {
        $PSCmdlet.ThrowTerminatingError([System.Management.Automation.ErrorRecord]::new(
                $_.Exception, 'RollcallRegistryFailed', [System.Management.Automation.ErrorCategory]::ReadError, "${Hive}\${Key}"))
    }
    finally {
        if ($null -ne $opened) { $opened.Dispose() }
        if ($null -ne $root) { $root.Dispose() }
    }
}
