/* References of kernels/components.c. All exact. */
#include "ref.h"
#include <stdlib.h>

REF(tissue)
{
    REF_PARAMS(tissue);
    (void)fill, (void)b;
    for (int v = 0; v < p.n; v++)
        want[1][v] = ((const float *)in[0])[v] > p.threshold;
    return true;
}

REF(label_init)
{
    REF_PARAMS(label_init);
    (void)fill, (void)b;
    for (int v = 0; v < p.nx * p.ny * p.nz; v++)
        want[1][v] = (((const uint8_t *)in[0])[v] & p.bits) == p.want ? v : -1;
    return true;
}

/* Floods one component from its lowest voxel. `stack` has room for every voxel. */
static void flood(double *out, const vk_label_merge_p *p, int64_t from, int64_t *stack)
{
    int64_t top = 0, nx = p->nx, ny = p->ny, nz = p->nz;
    out[from] = (double)from;
    stack[top++] = from;
    while (top > 0) {
        int64_t v = stack[--top], x = v % nx, y = v / nx % ny, z = v / nx / ny;
        const int64_t next[6] = {x > 0 ? v - 1 : v,       x + 1 < nx ? v + 1 : v,  y > 0 ? v - nx : v,
                                 y + 1 < ny ? v + nx : v, z > 0 ? v - nx * ny : v, z + 1 < nz ? v + nx * ny : v};
        for (int k = 0; k < 6; k++)
            if (out[next[k]] == -2) {
                out[next[k]] = (double)from;
                stack[top++] = next[k];
            }
    }
}

REF(label_merge)
{
    REF_PARAMS(label_merge);
    int64_t n = (int64_t)p.nx * p.ny * p.nz;
    int64_t *stack = malloc((size_t)n * sizeof *stack);
    (void)fill, (void)b;
    if (!stack)
        return false;
    for (int64_t v = 0; v < n; v++)
        want[0][v] = ((const int32_t *)in[0])[v] >= 0 ? -2 : -1;
    for (int64_t v = 0; v < n; v++)
        if (want[0][v] == -2)
            flood(want[0], &p, v, stack);
    free(stack);
    return true;
}

REF(label_flatten)
{
    REF_PARAMS(label_flatten);
    const int32_t *label = in[0];
    (void)fill, (void)b;
    for (int v = 0; v < p.n; v++) {
        int end = v;
        while (label[v] >= 0 && label[end] != end)
            end = label[end];
        want[0][v] = label[v] < 0 ? -1 : end;
    }
    return true;
}

REF(label_sizes)
{
    REF_PARAMS(label_sizes);
    const int32_t *label = in[0];
    (void)fill, (void)b;
    for (int v = 0; v < p.n; v++)
        if (label[v] >= 0)
            want[1][label[v]] += 1;
    return true;
}

/* |= on a byte that is kept as a double. */
static void set_bits(double *code, int bits)
{
    *code = (int)*code | bits;
}

REF(label_pick)
{
    REF_PARAMS(label_pick);
    (void)fill, (void)b;
    for (int v = 0; v < p.n; v++)
        if (((const int32_t *)in[0])[v] == p.root)
            set_bits(&want[1][v], p.bit);
    return true;
}

REF(border_flag)
{
    REF_PARAMS(border_flag);
    (void)fill, (void)b;
    for (int v = 0; v < p.nx * p.ny * p.nz; v++) {
        int x = v % p.nx, y = v / p.nx % p.ny, z = v / p.nx / p.ny, l = ((const int32_t *)in[0])[v];
        const bool on[6] = {x == 0, x == p.nx - 1, y == 0, y == p.ny - 1, z == 0, z == p.nz - 1};
        bool wanted = false;
        for (int border = 0; border < 6; border++)
            wanted |= on[border] && (p.borders >> border & 1);
        if (wanted && l >= 0)
            want[1][l] = 1;
    }
    return true;
}

REF(flag_pick)
{
    REF_PARAMS(flag_pick);
    (void)fill, (void)b;
    for (int v = 0; v < p.n; v++) {
        int l = ((const int32_t *)in[0])[v];
        if (l >= 0 && ((const uint32_t *)in[1])[l] != 0)
            set_bits(&want[2][v], p.bit);
    }
    return true;
}

REF(dilate)
{
    REF_PARAMS(dilate);
    const uint8_t *code = in[0];
    const int n[3] = {p.nx, p.ny, p.nz};
    (void)fill, (void)b;
    for (int v = 0; v < p.nx * p.ny * p.nz; v++) {
        int at[3] = {v % p.nx, v / p.nx % p.ny, v / p.nx / p.ny}, here = at[p.axis];
        bool near = false;
        for (at[p.axis] = 0; at[p.axis] < n[p.axis]; at[p.axis]++)
            if (abs(at[p.axis] - here) <= p.reach)
                near |= (code[(at[2] * p.ny + at[1]) * p.nx + at[0]] & p.from) != 0;
        if (near && !(code[v] & p.forbid))
            set_bits(&want[0][v], p.to);
    }
    return true;
}
