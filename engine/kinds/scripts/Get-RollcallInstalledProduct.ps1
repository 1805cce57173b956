# Get-RollcallInstalledProduct: installed products by what Windows registers of them, in both registry views.
#
# Input    one of
#          KeyName      names of products' keys below ...\CurrentVersion\Uninstall; for a product that
#                       Windows Installer installed, this is its product code: {GUID}
#          DisplayName  the names that people see, compared without case
#          UpgradeCode  {GUID}s, each of which all versions of a Windows Installer product share
# Output   one object per registration, and one for each product that was asked for and is not registered;
#          in that one, only the property of the parameter's name is not empty:
#          Found             [bool] False where nothing is registered
#          KeyName           [string] the name of its key
#          UpgradeCode       [string] as it was asked for; '' where it was not
#          View              [int] 64 or 32: the registry view the entry stands in; 0 where Found is False
#          DisplayName       [string]
#          DisplayVersion    [string]
#          WindowsInstaller  [bool] installed by Windows Installer, so that msiexec can remove it
# Errors   one per product that could not be looked for, which is the error's target:
#          RollcallProductAccessDenied  a key may not be read (PermissionDenied)
#          RollcallProductFailed        anything else (ReadError)
function Get-RollcallInstalledProduct {
    [CmdletBinding(DefaultParameterSetName = 'KeyName')]
    [OutputType([psobject])]
    param(
        [Parameter(Mandatory = $true, ParameterSetName = 'KeyName')]
        [ValidateLength(1, 255)]
        [string[]] $KeyName,

        [Parameter(Mandatory = $true, ParameterSetName = 'DisplayName')]
        [ValidateLength(1, 255)]
        [string[]] $DisplayName,

        [Parameter(Mandatory = $true, ParameterSetName = 'UpgradeCode')]
        [ValidatePattern('^\{[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\}$')]
        [string[]] $UpgradeCode
    )

    Set-StrictMode -Version 3.0
    # Windows Installer writes a GUID without punctuation, with the digits of its first three groups in
    # reverse, and with the two digits of every later byte swapped. Doing it twice gives the first form.
    $pack = {
        param([string] $digits)
        $order = 7, 6, 5, 4, 3, 2, 1, 0, 11, 10, 9, 8, 15, 14, 13, 12, 17, 16, 19, 18, 21, 20, 23, 22, 25, 24, 27, 26, 29, 28, 31, 30
        -join ($order | ForEach-Object { $digits[$_] })
    }
    $parameter = $PSCmdlet.ParameterSetName
    foreach ($one in $PSBoundParameters[$parameter]) {
        $asked = @{ KeyName = ''; UpgradeCode = ''; DisplayName = '' }
        $asked[$parameter] = $one
        $opened = [System.Collections.Generic.List[System.IDisposable]]::new()
        try {
            $wanted = [System.Collections.Generic.List[string]]::new()
            $root64 = [Microsoft.Win32.RegistryKey]::OpenBaseKey([Microsoft.Win32.RegistryHive]::LocalMachine, [Microsoft.Win32.RegistryView]::Registry64)
            $opened.Add($root64)
            $root32 = [Microsoft.Win32.RegistryKey]::OpenBaseKey([Microsoft.Win32.RegistryHive]::LocalMachine, [Microsoft.Win32.RegistryView]::Registry32)
            $opened.Add($root32)
            if ($parameter -eq 'KeyName') {
                $wanted.Add($one)
            }
            elseif ($parameter -eq 'UpgradeCode') {
                $packed = (& $pack ($one -replace '[{}-]', '')).ToUpperInvariant()
                foreach ($place in 'SOFTWARE\Classes\Installer\UpgradeCodes', 'SOFTWARE\Microsoft\Windows\CurrentVersion\Installer\UpgradeCodes') {
                    $codes = $root64.OpenSubKey("$place\$packed", $false)
                    if ($null -eq $codes) { continue }
                    $opened.Add($codes)
                    foreach ($code in $codes.GetValueNames()) {
                        if ($code -notmatch '^[0-9A-Fa-f]{32}$') { continue }
                        $product = [guid]::ParseExact((& $pack $code), 'N').ToString('B').ToUpperInvariant()
                        if (-not $wanted.Contains($product)) { $wanted.Add($product) }
                    }
                }
            }

            $found = $false
            foreach ($view in 64, 32) {
                $root = $root64
                if ($view -eq 32) { $root = $root32 }
                $list = $root.OpenSubKey('SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall', $false)
                if ($null -eq $list) { continue }
                $opened.Add($list)
                $names = $wanted
                if ($parameter -eq 'DisplayName') { $names = $list.GetSubKeyNames() }
                foreach ($name in $names) {
                    $entry = $list.OpenSubKey($name, $false)
                    if ($null -eq $entry) { continue }
                    $opened.Add($entry)
                    if ($parameter -eq 'DisplayName') {
                        $shown = [string] $entry.GetValue('DisplayName', '')
                        if (-not [string]::Equals($shown, $one, [StringComparison]::OrdinalIgnoreCase)) { continue }
                    }
                    $found = $true
                    [pscustomobject]@{
                        Found            = $true
                        KeyName          = $name
                        UpgradeCode      = $asked.UpgradeCode
                        View             = $view
                        DisplayName      = [string] $entry.GetValue('DisplayName', '')
                        DisplayVersion   = [string] $entry.GetValue('DisplayVersion', '')
                        WindowsInstaller = ("$($entry.GetValue('WindowsInstaller', 0))" -eq '1')
                    }
                }
            }
            if (-not $found) {
                [pscustomobject]@{
                    Found            = $false
                    KeyName          = $asked.KeyName
                    UpgradeCode      = $asked.UpgradeCode
                    View             = 0
                    DisplayName      = $asked.DisplayName
                    DisplayVersion   = ''
                    WindowsInstaller = $false
                }
            }
        }
        catch [System.Security.SecurityException], [System.UnauthorizedAccessException] {
            $PSCmdlet.WriteError([System.Management.Automation.ErrorRecord]::new(
                    $_.Exception, 'RollcallProductAccessDenied', [System.Management.Automation.ErrorCategory]::PermissionDenied, $one))
        }
        catch {
            $PSCmdlet.WriteError([System.Management.Automation.ErrorRecord]::new(
                    $_.Exception, 'RollcallProductFailed', [System.Management.Automation.ErrorCategory]::ReadError, $one))
        }
        finally {
            foreach ($handle in $opened) { $handle.Dispose() }
        }
    }
}
