# Get-RollcallFileVersion: the version resource of a program file.
# Get-Item has it too, but over the wire its VersionInfo arrives as text in the host's language.
#
# Input    Path   full path of the file, taken literally.
# Output   one object:
#          Exists          [bool] a file (not a folder) of this path exists
#          FileVersion     [string] four numbers with dots; '' where the file has no version resource
#          ProductVersion  [string] the same of the product the file belongs to
# Errors   RollcallFileAccessDenied  the file may not be read (PermissionDenied)
#          RollcallFileFailed        anything else (ReadError)
function Get-RollcallFileVersion {
    [CmdletBinding()]
    [OutputType([psobject])]
    param(
        [Parameter(Mandatory = $true)]
        [ValidatePattern('^[A-Za-z]:\\')]
        [string] $Path
    )

    Set-StrictMode -Version 3.0
    try {
        $attributes = [System.IO.FileAttributes]::Directory
        try {
            $attributes = [System.IO.File]::GetAttributes($Path)
        }
        catch [System.IO.FileNotFoundException], [System.IO.DirectoryNotFoundException] {
            # Stays a folder, which is no file.
            $attributes = [System.IO.FileAttributes]::Directory
        }
        if ($attributes -band [System.IO.FileAttributes]::Directory) {
            [pscustomobject]@{ Exists = $false; FileVersion = ''; ProductVersion = '' }
            return
        }
        $info = [System.Diagnostics.FileVersionInfo]::GetVersionInfo($Path)
        $fileVersion = ''
        $productVersion = ''
        if ($null -ne $info.FileVersion) {
            $fileVersion = '{0}.{1}.{2}.{3}' -f $info.FileMajorPart, $info.FileMinorPart, $info.FileBuildPart, $info.FilePrivatePart
        }
        if ($null -ne $info.ProductVersion) {
            $productVersion = '{0}.{1}.{2}.{3}' -f $info.ProductMajorPart, $info.ProductMinorPart, $info.ProductBuildPart, $info.ProductPrivatePart
        }
        [pscustomobject]@{ Exists = $true; FileVersion = $fileVersion; ProductVersion = $productVersion }
    }
    catch [System.UnauthorizedAccessException], [System.Security.SecurityException] {
        $PSCmdlet.ThrowTerminatingError([System.Management.Automation.ErrorRecord]::new(
                $_.Exception, 'RollcallFileAccessDenied', [System.Management.Automation.ErrorCategory]::PermissionDenied, $Path))
    }
    catch {
        $PSCmdlet.ThrowTerminatingError([System.Management.Automation.ErrorRecord]::new(
                $_.Exception, 'RollcallFileFailed', [System.Management.Automation.ErrorCategory]::ReadError, $Path))
    }
}
