# Remove-RollcallRegistryValue: delete one registry value; the key stays, even where it is then empty.
#
# Input    Hive   HKLM or HKU.
#          Key    path below the hive, without a leading backslash.
#          View   64 or 32: which registry view a program of that width sees.
#          Name   the value's name; '' is the key's default value.
# Output   nothing; a key or value that does not exist is no error
# Errors   RollcallRegistryAccessDenied  the value may not be deleted (PermissionDenied)
#          RollcallRegistryFailed        anything else (WriteError)
function Remove-RollcallRegistryValue {
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
        $opened = $root.OpenSubKey($Key, $true)
        if ($null -ne $opened) { $opened.DeleteValue($Name, $false) }
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
