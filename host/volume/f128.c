/* 16-byte floats are two formats with one size: the 80-bit x87 float padded to 16 bytes, and IEEE 754 binary128. NIfTI
 * does not say which; the bytes do: an x87 float leaves bytes 10 to 15 empty, where binary128 keeps its exponent. */
#include "volume.h"
#include <math.h>
#include <string.h>

enum { BYTES = 16, BIAS = 16383, EXP_MAX = 0x7fff };

static uint64_t word(const uint8_t *p)
{
    uint64_t w;
    memcpy(&w, p, sizeof w);
    return w;
}

static bool is_x87(const uint8_t *p, int64_t voxels)
{
    for (int64_t i = 0; i < voxels; i++) {
        if (word(p + BYTES * i + 8) >> 16)
            return false;
    }
    return true;
}

/* mantissa * 2^(exponent - 63), rounded to double and then to float. */
static float assemble(bool negative, int exponent, uint64_t mantissa, bool special)
{
    double x = ldexp((double)mantissa, exponent - 63);
    if (special)
        x = mantissa << 1 ? NAN : INFINITY;
    return (float)(negative ? -x : x);
}

static float from_x87(const uint8_t *p)
{
    int e = (int)(word(p + 8) & 0xffff);
    return assemble(e >> 15, (e & EXP_MAX) - BIAS, word(p), (e & EXP_MAX) == EXP_MAX);
}

static float from_binary128(const uint8_t *p)
{
    uint64_t high = word(p + 8), low = word(p);
    int e = (int)(high >> 48);
    /* The top 63 of the 112 fraction bits, below the implied one; far more than a float keeps. */
    uint64_t fraction = (high & 0xffffffffffffu) << 15 | low >> 49;
    uint64_t implied = (e & EXP_MAX) ? (uint64_t)1 << 63 : 0;
    bool nan_tail = (e & EXP_MAX) == EXP_MAX && (low << 15) != 0;
    return assemble(e >> 15, (e & EXP_MAX) - BIAS, implied | fraction | nan_tail, (e & EXP_MAX) == EXP_MAX);
}

vv_status vv_volume_frame_as_f32(const vv_volume *v, int64_t frame, float *out, vv_err *err)
{
    if (v->dtype != VV_DT_F128 || frame < 0 || frame >= v->frames)
        return vv_fail(err, VV_E_INTERNAL, "volume", "a frame of 16-byte floats was asked for where there is none");
    int64_t voxels = vv_volume_voxels(v);
    const uint8_t *all = v->data, *p = all + BYTES * voxels * frame;
    bool x87 = is_x87(p, voxels); /* by the frame: a frame of zeros reads the same either way */
    for (int64_t i = 0; i < voxels; i++)
        out[i] = x87 ? from_x87(p + BYTES * i) : from_binary128(p + BYTES * i);
    return VV_OK;
}
