# Get-RollcallRegistryValue: read values of the registry, or all values of one key, raw.
#
# Input    one of
#          Value  values as view, key and name: 64:HKLM\SOFTWARE\Key\\Name. The first two backslashes in a
#                 row end the key; the rest is the value's name, and nothing there is the default value.
#                 The view is 64 or 32: what a program of that width sees. The root is HKLM or HKU.
#          Key    a key, for all of its values: 64:HKLM\SOFTWARE\Key
# Output   one object per value, and one for each asked value or key that has none:
#          Value        [string] the value in the form above, as it was asked for
#          ValueExists  [bool] False where the value does not exist, and where the key has no values
#          Name         [string] the value's name
#          Type         [string] String, ExpandString, MultiString, DWord, QWord, Binary, None,
#                       Unknown (a type that .NET has no name for), Malformed (the data does not fit the type)
#          Data         [string]: text with its variables unexpanded, decimal without a sign for DWord and
#                       QWord, base64 for Binary and None; [string[]] for MultiString; '' for the others
# Errors   one per asked value or key that could not be read, which is the error's target:
#          RollcallRegistryAccessDenied  the key may not be read (PermissionDenied)
#          RollcallRegistryFailed        anything else, for example a key marked for deletion (ReadError)
function Get-RollcallRegistryValue {
    [CmdletBinding(DefaultParameterSetName = 'Value')]
    [OutputType([psobject])]
    param(
        [Parameter(Mandatory = $true, ParameterSetName = 'Value')]
        [ValidatePattern('^(32|64):(HKLM|HKU)(\\[^\\]+)+\\\\')]
        [string[]] $Value,

        [Parameter(Mandatory = $true, ParameterSetName = 'Key')]
        [ValidatePattern('^(32|64):(HKLM|HKU)(\\[^\\]+)+$')]
        [string] $Key
    )

    Set-StrictMode -Version 3.0
    $wholeKey = $PSCmdlet.ParameterSetName -eq 'Key'
    $places = $Value
    if ($wholeKey) { $places = @($Key) }
    foreach ($place in $places) {
        $root = $null
        $opened = $null
        try {
            $end = $place.Length
            $name = ''
            if (-not $wholeKey) {
                $end = $place.IndexOf('\\', [StringComparison]::Ordinal)
                $name = $place.Substring($end + 2)
            }
            $keyPart = $place.Substring(0, $end)
            $slash = $keyPart.IndexOf([char] '\')
            $hiveCode = [Microsoft.Win32.RegistryHive]::LocalMachine
            if ($keyPart.Substring(3, $slash - 3) -eq 'HKU') { $hiveCode = [Microsoft.Win32.RegistryHive]::Users }
            $viewCode = [Microsoft.Win32.RegistryView]::Registry64
            if ($keyPart.StartsWith('32', [StringComparison]::Ordinal)) { $viewCode = [Microsoft.Win32.RegistryView]::Registry32 }

            $root = [Microsoft.Win32.RegistryKey]::OpenBaseKey($hiveCode, $viewCode)
            $opened = $root.OpenSubKey($keyPart.Substring($slash + 1), $false)
            $names = @()
            if ($null -ne $opened) { $names = @($opened.GetValueNames()) }
            if (-not $wholeKey) {
                if ($names -contains $name) { $names = @($name) } else { $names = @() }
            }
            if ($names.Count -eq 0) {
                [pscustomobject]@{ Value = "$keyPart\\$name"; ValueExists = $false; Name = $name; Type = ''; Data = '' }
                continue
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
                [pscustomobject]@{ Value = "$keyPart\\$found"; ValueExists = $true; Name = $found; Type = $type; Data = $data }
            }
        }
        catch [System.Security.SecurityException], [System.UnauthorizedAccessException] {
            $PSCmdlet.WriteError([System.Management.Automation.ErrorRecord]::new(
                    $_.Exception, 'RollcallRegistryAccessDenied', [System.Management.Automation.ErrorCategory]::PermissionDenied, $place))
        }
        catch {
            $PSCmdlet.WriteError([System.Management.Automation.ErrorRecord]::new(
                    $_.Exception, 'RollcallRegistryFailed', [System.Management.Automation.ErrorCategory]::ReadError, $place))
        }
        finally {
            if ($null -ne $opened) { $opened.Dispose() }
            if ($null -ne $root) { $root.Dispose() }
        }
    }
}
