# The library shows vv_* and nothing else. symbols.sh LIBRARY
set -eu
others=$(nm -D --defined-only "$1" | awk '$2 ~ /[A-Z]/ && $3 !~ /^vv_/ {print $3}')
[ -z "$others" ] || { echo "symbols that are no vv_*:"; echo "$others"; exit 1; }
header=$(grep -oE 'vv_[a-z_]+\(' "$2" | grep -vE '_fn\(' | tr -d '(' | sort -u)
shown=$(nm -D --defined-only "$1" | awk '$3 ~ /^vv_/ {print $3}' | sort -u)
for name in $shown; do
    echo "$header" | grep -qx "$name" || { echo "not in the public header: $name"; exit 1; }
done
echo "$(echo "$shown" | wc -l) symbols, all of the public header"
