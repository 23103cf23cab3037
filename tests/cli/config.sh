# Options from an INI file; the command line wins.
. "$(dirname "$0")/lib.sh"
"$MAKE_HEAD" in.nii --size 4

ini()
{
    printf '%s\n' "$@" >c.ini
}
with_config()
{
    local code=$1 what=$2
    shift 2
    refused "$code" "$what" in.nii --config c.ini "$@"
}
ini 'mode = noise'
with_config 2 "an option of the file is taken"
check "and checked like one of the command line" says 'noise is not offered'
ini '[deface]' 'mode = noise'
with_config 2 "the section of the command"
check "is read" says 'noise is not offered'
ini '[info]' 'device = cpu' '[deface]' 'threads = none'
with_config 2 "the section of another command is passed over"
check "the own one is read" says 'threads is a number'
ini 'mode = noise'
with_config 2 "the command line wins" --mode smooth
check "over the file" says 'mode is one of'
ini 'colour = blue'
with_config 2 "an unknown option"
check "the line's number is said" says 'line 1'
ini '[deface]' '[colours]' 'blue = 1'
with_config 2 "an unknown section"
ini '[info]' 'mode = blur'
with_config 2 "an option in the section of a command that has none such"
ini 'force = perhaps'
with_config 2 "a switch is yes or no"
ini 'just words'
with_config 2 "a line that is no option"
ini 'protect = mask.nii'
with_config 2 "an option of a coming version"
check "is said to be one" says 'not offered by this version'
ini 'config = c.ini'
with_config 2 "a file that names a file"
rm c.ini
with_config 2 "no such file"
mkdir c.ini
with_config 2 "a folder in its place"
finish
