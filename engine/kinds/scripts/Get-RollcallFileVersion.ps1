# Get-RollcallFileVersion: the version resources of program files.
# Get-Item has them too, but over the wire its VersionInfo arrives as text in the host's language.
#
# Input    Path   full paths of the files, taken literally.
# Output   one object per path:
#          Path            [string] the path as it was asked for
#          Exists          [bool] a file (not a folder) of this path exists
#          FileVersion     [string] four numbers with dots; '' where the file has no version resource
#          ProductVersion  [string] the same of the product the file belongs to
# Errors   one per file that could not be read, whose path is the error's target:
#          RollcallFileAccessDenied  the file may not be read (PermissionDenied)
#          RollcallFileFailed        anything else (ReadError)
function Get-RollcallFileVersion {
    [CmdletBinding()]
    [OutputType([psobject])]
    param(
        [Parameter(Mandatory = $true)]
        [ValidatePattern('^[A-Za-z]:\\')]
        [string[]] $Path
    )

    Set-StrictMode -Version 3.0
    foreach ($one in $Path) {
        try {
            $attributes = [System.IO.FileAttributes]::Directory
            try {
                $attributes = [System.IO.File]::GetAttributes($one)
            }
            catch [System.IO.FileNotFoundException], [System.IO.DirectoryNotFoundException] {
                # Stays a folder, which is no file.
                $attributes = [System.IO.FileAttributes]::Directory
            }
            if ($attributes -band [System.IO.FileAttributes]::Directory) {
                [pscustomobject]@{ Path = $one; Exists = $false; FileVersion = ''; ProductVersion = '' }
                continue
            }
            $info = [System.Diagnostics.FileVersionInfo]::GetVersionInfo($one)
            $fileVersion = ''
            $productVersion = ''
            if ($null -ne $info.FileVersion) {
                $fileVersion = '{0}.{1}.{2}.{3}' -f $info.FileMajorPart, $info.FileMinorPart, $info.FileBuildPart, $info.FilePrivatePart
            }
            if ($null -ne $info.ProductVersion) {
                $productVersion = '{0}.{1}.{2}.{3}' -f $info.ProductMajorPart, $info.ProductMinorPart, $info.ProductBuildPart, $info.ProductPrivatePart
            }
            [pscustomobject]@{ Path = $one; Exists = $true; FileVersion = $fileVersion; ProductVersion = $productVersion }
        }
        catch [System.UnauthorizedAccessException], [System.Security.SecurityException] {
            $PSCmdlet.WriteError([System.Management.Automation.ErrorRecord]::new(
                    $_.Exception, 'RollcallFileAccessDenied', [System.Management.Automation.ErrorCategory]::PermissionDenied, $one))
        }
        catch {
            $PSCmdlet.WriteError([System.Management.Automation.ErrorRecord]::new(
                    $_.Exception, 'RollcallFileFailed', [System.Management.Automation.ErrorCategory]::ReadError, $one))
        }
    }
}
