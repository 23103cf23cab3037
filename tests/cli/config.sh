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
ini 'mode = smear'
with_config 2 "an option of the file is taken"
check "and checked like one of the command line" says 'mode is one of'
ini '[deface]' 'mode = smear'
with_config 2 "the section of the command"
check "is read" says 'mode is one of'
ini '[info]' 'device = cpu' '[deface]' 'threads = none'
with_config 2 "the section of another command is passed over"
check "the own one is read" says 'threads is a number'
ini 'mode = smear'
with_config 2 "the command line wins" --mode smooth
check "over the file" says 'mode is one of'
ini 'colour = blue'
with_config 2 "an unknown option"
check "the line's number is said" says 'line 1'
ini '[deface]' '[colours]' 'blue = 1'
with_config 2 "an unknown section"
ini 'threads = 2' '[colours]'
with_config 2 "an unknown section without a line"
check "the section's line is said" says 'line 2'
printf '\357\273\277[colours]\n' >c.ini
with_config 2 "an unknown section behind a byte order mark"
ini 'report = r.json' '    mode = smear'
with_config 2 "an indented line is a line of its own"
check "and taken as one" says 'mode is one of'
ini '  [deface]' "$(printf '\tmode = smear')"
with_config 2 "an indented section"
check "is a section" says 'mode is one of'
ini '    [colours]'
with_config 2 "an indented unknown section"
ini '[deface] mode = smear'
with_config 2 "an option behind a section's name"
check "is not dropped" says 'line of its own'
ini '[deface] ; a comment' 'mode = smear'
with_config 2 "a comment behind a section's name"
check "is one" says 'mode is one of'
printf '[deface]\r\nmode = smear\r\n' >c.ini
with_config 2 "lines that end as on Windows"
check "are read" says 'mode is one of'
ini "mode = $(printf '%0300d' 0)"
with_config 2 "a line too long to be read whole"
check "is said to be" says 'too long'
printf 'threads = 1\000\nmode = smear\n' >c.ini
with_config 2 "a zero byte"
check "its line is said" says 'line 1'
ini '[info]' 'mode = blur'
with_config 2 "an option in the section of a command that has none such"
ini 'force = perhaps'
with_config 2 "a switch is yes or no"
ini 'just words'
with_config 2 "a line that is no option"
ini 'config = c.ini'
with_config 2 "a file that names a file"
rm c.ini
with_config 2 "no such file"
mkdir c.ini
with_config 2 "a folder in its place"
finish
