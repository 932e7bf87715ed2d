; The Windows installer, from what `python dev.py build` left in dist\FundTrack.
; Installs for one person without an administrator, or for everyone with one: it asks which.
; iscc /DVersion=0.1.0 installer\windows\fundtrack.iss

#ifndef Version
  #error Say which version: /DVersion=0.1.0
#endif

[Setup]
AppId={{6E1B8C1E-3D0B-4B7A-9C0F-9C2A4F1D7A52}
AppName=FundTrack
AppVersion={#Version}
AppPublisher=FundTrack contributors
DefaultDirName={autopf}\FundTrack
DefaultGroupName=FundTrack
DisableProgramGroupPage=yes
PrivilegesRequired=lowest
PrivilegesRequiredOverridesAllowed=dialog
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
LicenseFile=..\..\LICENSE
OutputDir=..\..\dist
OutputBaseFilename=FundTrack-{#Version}-setup
Compression=lzma2
SolidCompression=yes
WizardStyle=modern
ChangesAssociations=yes
SetupIconFile=..\..\resources\icons\app.ico
UninstallDisplayIcon={app}\fundtrack-window.exe

[Tasks]
Name: desktopicon; Description: "Put FundTrack on the desktop"; Flags: unchecked
Name: association; Description: "Open .fundtrack files with FundTrack"

[InstallDelete]
; What an older version left would be loaded beside the newer.
Type: filesandordirs; Name: "{app}\_internal"

[Files]
Source: "..\..\dist\FundTrack\*"; DestDir: "{app}"; Flags: recursesubdirs ignoreversion

[Icons]
Name: "{group}\FundTrack"; Filename: "{app}\fundtrack-window.exe"
Name: "{autodesktop}\FundTrack"; Filename: "{app}\fundtrack-window.exe"; Tasks: desktopicon

[Registry]
Root: HKA; Subkey: "Software\Classes\.fundtrack\OpenWithProgids"; ValueType: string; ValueName: "FundTrack.Book"; ValueData: ""; Flags: uninsdeletevalue; Tasks: association
Root: HKA; Subkey: "Software\Classes\FundTrack.Book"; ValueType: string; ValueName: ""; ValueData: "FundTrack book"; Flags: uninsdeletekey; Tasks: association
Root: HKA; Subkey: "Software\Classes\FundTrack.Book\DefaultIcon"; ValueType: string; ValueName: ""; ValueData: "{app}\fundtrack-window.exe,0"; Tasks: association
Root: HKA; Subkey: "Software\Classes\FundTrack.Book\shell\open\command"; ValueType: string; ValueName: ""; ValueData: """{app}\fundtrack-window.exe"" ""%1"""; Tasks: association

[Run]
Filename: "{app}\fundtrack-window.exe"; Description: "Open FundTrack"; Flags: nowait postinstall skipifsilent
; Books, backups and preferences are the person's: uninstalling leaves them where they are.
