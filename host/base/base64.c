#include "base64.h"
#include "alloc.h"
#include <sodium/utils.h>

char *vv_base64(const void *data, size_t bytes)
{
    size_t room = sodium_base64_ENCODED_LEN(bytes, sodium_base64_VARIANT_ORIGINAL);
    char *text = vv_malloc(room, 1);
    return text ? sodium_bin2base64(text, room, data, bytes, sodium_base64_VARIANT_ORIGINAL) : NULL;
}
