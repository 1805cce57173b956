# Get-RollcallPendingReboot: if Windows waits for a restart, and what for.
#
# Input    none
# Output   one object:
#          Pending  [bool]
#          Reasons  [string[]] of: servicing (components), update (Windows Update), rename (computer name),
#                   files (files to replace at the next start)
# Errors   RollcallRebootAccessDenied  a key may not be read (PermissionDenied)
#          RollcallRebootFailed        anything else (ReadError)
function Get-RollcallPendingReboot {
    [CmdletBinding()]
    [OutputType([psobject])]
    param()

    Set-StrictMode -Version 3.0
    $opened = [System.Collections.Generic.List[System.IDisposable]]::new()
    try {
        $root = [Microsoft.Win32.RegistryKey]::OpenBaseKey([Microsoft.Win32.RegistryHive]::LocalMachine, [Microsoft.Win32.RegistryView]::Registry64)
        $opened.Add($root)
        $reasons = [System.Collections.Generic.List[string]]::new()

        $servicing = $root.OpenSubKey('SOFTWARE\Microsoft\Windows\CurrentVersion\Component Based Servicing\RebootPending', $false)
        if ($null -ne $servicing) { $opened.Add($servicing); $reasons.Add('servicing') }

        $update = $root.OpenSubKey('SOFTWARE\Microsoft\Windows\CurrentVersion\WindowsUpdate\Auto Update\RebootRequired', $false)
        if ($null -ne $update) { $opened.Add($update); $reasons.Add('update') }

        $names = @('', '')
        $index = 0
        foreach ($place in 'ActiveComputerName', 'ComputerName') {
            $entry = $root.OpenSubKey("SYSTEM\CurrentControlSet\Control\ComputerName\$place", $false)
            if ($null -ne $entry) {
                $opened.Add($entry)
                $names[$index] = [string] $entry.GetValue('ComputerName', '')
            }
            $index++
        }
        if (-not [string]::Equals($names[0], $names[1], [StringComparison]::OrdinalIgnoreCase)) { $reasons.Add('rename') }

        $session = $root.OpenSubKey('SYSTEM\CurrentControlSet\Control\Session Manager', $false)
        if ($null -ne $session) {
            $opened.Add($session)
            $renames = @($session.GetValue('PendingFileRenameOperations', $null) | Where-Object { $_ })
            if ($renames.Count -gt 0) { $reasons.Add('files') }
        }

        [pscustomobject]@{ Pending = ($reasons.Count -gt 0); Reasons = [string[]] $reasons.ToArray() }
    }
    catch [System.Security.SecurityException], [System.UnauthorizedAccessException] {
        $PSCmdlet.WriteError([System.Management.Automation.ErrorRecord]::new(
                $_.Exception, 'RollcallRebootAccessDenied', [System.Management.Automation.ErrorCategory]::PermissionDenied, $null))
    }
    catch {
        $PSCmdlet.WriteError([System.Management.Automation.ErrorRecord]::new(
                $_.Exception, 'RollcallRebootFailed', [System.Management.Automation.ErrorCategory]::ReadError, $null))
    }
    finally {
        foreach ($handle in $opened) { $handle.Dispose() }
    }
}
