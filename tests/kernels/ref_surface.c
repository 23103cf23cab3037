/* References of kernels/surface.c and kernels/render.c. */
#include "ref.h"
#include <math.h>

/* The voxel at (x, y, z), or `other` outside the grid. */
static int code_at(const uint8_t *code, const int n[3], int x, int y, int z, int other)
{
    if (x < 0 || y < 0 || z < 0 || x >= n[0] || y >= n[1] || z >= n[2])
        return other;
    return code[(z * n[1] + y) * n[0] + x];
}

static const int sides[6][3] = {{-1, 0, 0}, {1, 0, 0}, {0, -1, 0}, {0, 1, 0}, {0, 0, -1}, {0, 0, 1}};

REF(skin)
{
    REF_PARAMS(skin);
    const uint8_t *code = in[0];
    const int n[3] = {p.nx, p.ny, p.nz};
    (void)fill, (void)b;
    for (int v = 0; v < p.nx * p.ny * p.nz; v++) {
        int x = v % p.nx, y = v / p.nx % p.ny, z = v / p.nx / p.ny, outside = 0;
        for (int s = 0; s < 6; s++)
            outside |= code_at(code, n, x + sides[s][0], y + sides[s][1], z + sides[s][2], 0) & VK_OUTSIDE;
        if ((code[v] & VK_HEAD) && outside)
            want[0][v] = code[v] | VK_SKIN;
    }
    return true;
}

static bool surface(const uint8_t *code, const int n[3], int x, int y, int z)
{
    bool air = false;
    if (!(code_at(code, n, x, y, z, 0) & VK_TISSUE))
        return false;
    for (int s = 0; s < 6; s++)
        air |= !(code_at(code, n, x + sides[s][0], y + sides[s][1], z + sides[s][2], 0) & VK_TISSUE);
    return air;
}

REF(residual)
{
    REF_PARAMS(residual);
    const int n[3] = {p.nx, p.ny, p.nz};
    (void)fill, (void)b;
    for (int v = 0; v < p.nx * p.ny * p.nz; v++) {
        int x = v % p.nx, y = v / p.nx % p.ny, z = v / p.nx / p.ny;
        double at[3];
        bool left = false;
        if (!(((const uint8_t *)in[0])[v] & VK_SKIN))
            continue;
        for (int e = -p.near_z; e <= p.near_z; e++)
            for (int d = -p.near_y; d <= p.near_y; d++)
                for (int a = -p.near_x; a <= p.near_x; a++)
                    left |= surface(in[1], n, x + a, y + d, z + e);
        ref_map(p.m, x, y, z, at);
        for (int k = 0; k < VK_LANDMARKS; k++) {
            double d = hypot(hypot(at[0] - p.centre[4 * k], at[1] - p.centre[4 * k + 1]), at[2] - p.centre[4 * k + 2]);
            if (d < p.centre[4 * k + 3] - 1e-9) {
                want[2][2 * k] += 1;
                want[2][2 * k + 1] += left;
            }
        }
    }
    return true;
}

/* The level at a position, or the air's outside the grid. */
static double level(const float *src, const vk_render_p *p, const double at[3])
{
    const int n[3] = {p->nx, p->ny, p->nz};
    size_t index[8];
    double weight[8], sum = 0;
    for (int i = 0; i < 3; i++)
        if (at[i] < 0 || at[i] > n[i] - 1)
            return p->air;
    ref_corners(n, at, index, weight);
    for (int k = 0; k < 8; k++)
        sum += src[index[k]] * weight[k];
    return sum;
}

/* Lambert's cosine at a point of the surface, 24..255. */
static double shade(const float *src, const vk_render_p *p, const double at[3])
{
    const double mm[3] = {p->shade_x, p->shade_y, p->shade_z};
    double g[3], length = 0, lit = 0;
    for (int i = 0; i < 3; i++) {
        double up[3] = {at[0], at[1], at[2]}, down[3] = {at[0], at[1], at[2]};
        up[i] += 1;
        down[i] -= 1;
        g[i] = (level(src, p, up) - level(src, p, down)) / mm[i];
        length += g[i] * g[i];
    }
    for (int i = 0; i < 3; i++)
        lit -= length > 0 ? g[i] / sqrt(length) * p->light[i] : 0;
    return 24 + floor(ref_clamp(lit, 0, 1) * 231);
}

REF(render)
{
    REF_PARAMS(render);
    for (int row = 0; row < p.height; row++)
        for (int col = 0; col < p.width; col++) {
            double before = p.air, pixel = 0, at[3];
            for (int step = 0; step < p.steps && pixel == 0; step++) {
                ref_map(p.m, col, row, step, at);
                double now = level(in[0], &p, at);
                if (now > p.threshold) {
                    double back = now > before ? ref_clamp((now - p.threshold) / (now - before), 0, 1) : 0;
                    ref_map(p.m, col, row, step - back, at);
                    pixel = shade(in[0], &p, at);
                }
                before = now;
            }
            want[1][row * p.width + col] = pixel;
        }
    *b = (budget){1, 0, 0.002};
    return fill != VV_FILL_EXTREME;
}

REF(slice)
{
    REF_PARAMS(slice);
    (void)fill;
    for (int row = 0; row < p.height; row++)
        for (int col = 0; col < p.width; col++) {
            double at[3], pixel = 0;
            ref_map(p.m, col, row, 0, at);
            for (int i = 0; i < 3; i++)
                at[i] = floor(at[i] + 0.5);
            if (at[0] >= 0 && at[1] >= 0 && at[2] >= 0 && at[0] < p.nx && at[1] < p.ny && at[2] < p.nz) {
                size_t v = (size_t)p.first + (size_t)((at[2] * p.ny + at[1]) * p.nx + at[0]);
                pixel = floor(ref_clamp((ref_voxel(in[0], p.dtype, v) * p.slope + p.inter - p.lo) * p.scale, 0, 255));
            }
            want[1][row * p.width + col] = pixel;
        }
    *b = (budget){0, 0, 0.002};
    return true;
}

/* Whether a voxel around the position has the bit. */
static bool coded(const uint8_t *code, const vk_depth_p *p, const double at[3])
{
    const int n[3] = {p->nx, p->ny, p->nz};
    bool any = false;
    for (int i = 0; i < 3; i++)
        if (at[i] < 0 || at[i] > n[i] - 1)
            return false;
    for (int k = 0; k < 8; k++)
        any |= code_at(code, n, (int)floor(at[0]) + (k & 1), (int)floor(at[1]) + (k >> 1 & 1),
                       (int)floor(at[2]) + (k >> 2), 0) &
               p->bit;
    return any;
}

REF(depth)
{
    REF_PARAMS(depth);
    vk_render_p as_render = {.nx = p.nx, .ny = p.ny, .nz = p.nz, .air = p.air};
    for (int row = 0; row < p.height; row++)
        for (int col = 0; col < p.width; col++) {
            double before = p.air, found = -1, at[3];
            for (int step = 0; step < p.steps && found < 0; step++) {
                ref_map(p.m, col, row, step, at);
                double now = level(in[0], &as_render, at);
                if (now > p.threshold && coded(in[1], &p, at)) {
                    double back = now > before ? ref_clamp((now - p.threshold) / (now - before), 0, 1) : 0;
                    found = fmax(step - back, 0);
                }
                before = now;
            }
            want[2][row * p.width + col] = found;
        }
    *b = (budget){0.00001, 0.00001, 0};
    return fill != VV_FILL_EXTREME;
}
