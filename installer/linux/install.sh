#!/bin/sh
# Installs the unpacked FundTrack folder for this person: no administrator, nothing outside ~/.local.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
programs=$HOME/.local/opt/FundTrack
share=${XDG_DATA_HOME:-$HOME/.local/share}

rm -rf "$programs.new"
mkdir -p "$programs.new" "$HOME/.local/bin" "$share/applications" "$share/mime/packages"
cp -R "$here/FundTrack/." "$programs.new/"
rm -rf "$programs"
mv "$programs.new" "$programs"
ln -sf "$programs/fundtrack" "$programs/fundtrack-window" "$HOME/.local/bin/"
sed "s|^Exec=fundtrack-window|Exec=\"$programs/fundtrack-window\"|" \
    "$here/fundtrack.desktop" > "$share/applications/fundtrack.desktop"
cp "$here/fundtrack-mime.xml" "$share/mime/packages/"
command -v update-mime-database > /dev/null && update-mime-database "$share/mime" || true
command -v update-desktop-database > /dev/null && update-desktop-database "$share/applications" || true
echo "FundTrack is in your menu, and as 'fundtrack' in $HOME/.local/bin."
