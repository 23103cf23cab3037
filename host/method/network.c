/* network.c - the embedded network and its run on the device, layer by layer. */
#include "network.h"
#include "alloc.h"
#include "embed.h"
#include "launch.h"
#include <string.h>

VV_EMBED(vv_network_data, VV_NETWORK_FILE);

/* A small U-Net: 8 mm, 16, 32, 64 and back to 16. Layers in the order of the file; `from` and `more` are layers, -1 the
 * input and none. */
typedef struct layer {
    int in, out, size, stride, side, from, more;
} layer;
enum { E0, E10, E11, E20, E21, E30, E31, E32, U2, D20, D21, U1, D10, D11, OUT, LAYERS };
static const layer layers[LAYERS] = {
    [E0] = {8, 16, 3, 1, 32, -1, -1},     [E10] = {16, 32, 3, 2, 16, E0, -1},   [E11] = {32, 32, 3, 1, 16, E10, -1},
    [E20] = {32, 64, 3, 2, 8, E11, -1},   [E21] = {64, 64, 3, 1, 8, E20, -1},   [E30] = {64, 128, 3, 2, 4, E21, -1},
    [E31] = {128, 128, 3, 1, 4, E30, -1}, [E32] = {128, 128, 3, 1, 4, E31, -1}, [U2] = {128, 64, 1, 1, 4, E32, -1},
    [D20] = {64, 64, 3, 1, 8, E21, U2},   [D21] = {64, 64, 3, 1, 8, D20, -1},   [U1] = {64, 32, 1, 1, 8, D21, -1},
    [D10] = {32, 32, 3, 1, 16, E11, U1},  [D11] = {32, 32, 3, 1, 16, D10, -1},  [OUT] = {32, 8, 1, 1, 16, D11, -1},
};
enum { CHANNELS = 8 }; /* of the last layer: x, y, z, log error, head, three unused */

static size_t weights_of(const layer *l)
{
    return (size_t)(l->in * l->out * l->size * l->size * l->size);
}
static size_t places_of(const layer *l)
{
    return (size_t)(l->side * l->side * l->side);
}
/* int32 numbers of a layer: biases, then factors but for the last. */
static size_t numbers_of(int k)
{
    return (size_t)layers[k].out * (k == OUT ? 1 : 2);
}

typedef struct net {
    vv_device *dev;
    vv_buf *input, *made[LAYERS]; /* levels */
    int16_t *wide;                /* weights of one layer */
} net;

static void net_release(net *n)
{
    vv_buf_destroy(n->dev, &n->input);
    for (int k = 0; k < LAYERS; ++k)
        vv_buf_destroy(n->dev, &n->made[k]);
    vv_free(n->wide);
}

static vv_status net_create(net *n, vv_err *err)
{
    size_t most = 0, size = CHANNELS * sizeof(double);
    for (int k = 0; k < LAYERS; ++k) {
        most = weights_of(&layers[k]) > most ? weights_of(&layers[k]) : most;
        size += weights_of(&layers[k]) + numbers_of(k) * sizeof(int32_t);
    }
    if ((size_t)(vv_network_data_end - vv_network_data) != size)
        return vv_fail(err, VV_E_INTERNAL, "network", "the embedded network does not have its size; rebuild voxveil");
    n->wide = vv_malloc(most, sizeof *n->wide);
    if (!n->wide)
        return vv_fail(err, VV_E_RESOURCE, "network", "out of memory; free some and try again");
    vv_status s = vv_buf_create(n->dev, VV_CUBE_SIDE * VV_CUBE_SIDE * VV_CUBE_SIDE, &n->input, err);
    for (int k = 0; !s && k < LAYERS; ++k)
        s = vv_buf_create(n->dev, places_of(&layers[k]) * (size_t)layers[k].out * (k == OUT ? sizeof(int32_t) : 1),
                          &n->made[k], err);
    return s;
}

/* weight, number: of this layer in the file; uploaded, one as 16-bit numbers. */
static vv_status put_numbers(net *n, int k, const unsigned char *weight, const unsigned char *number, vv_buf **w,
                             vv_buf **b, vv_err *err)
{
    size_t count = weights_of(&layers[k]), bytes = numbers_of(k) * sizeof(int32_t);
    for (size_t i = 0; i < count; ++i)
        n->wide[i] = (int8_t)weight[i];
    vv_status s = vv_buf_create(n->dev, count * sizeof *n->wide, w, err);
    if (!s)
        s = vv_upload(n->dev, *w, 0, n->wide, count * sizeof *n->wide, err);
    if (!s)
        s = vv_buf_create(n->dev, bytes, b, err);
    return s ? s : vv_upload(n->dev, *b, 0, number, bytes, err);
}

static vv_status run_layer(net *n, int k, const unsigned char *weight, const unsigned char *number, vv_err *err)
{
    const layer *l = &layers[k];
    int side = l->side * l->stride;
    vk_conv3d_p p = {.nx = l->side,
                     .ny = l->side,
                     .nz = l->side,
                     .sx = side,
                     .sy = side,
                     .sz = side,
                     .in = l->in,
                     .out = l->out,
                     .size = l->size,
                     .stride = l->stride,
                     .add = l->more >= 0,
                     .last = k == OUT};
    vv_buf *from = l->from < 0 ? n->input : n->made[l->from], *more = l->more < 0 ? from : n->made[l->more];
    vv_buf *w = NULL, *b = NULL;
    vv_status s = put_numbers(n, k, weight, number, &w, &b, err);
    if (!s)
        s = vv_launch_conv3d(n->dev, vv_groups((int64_t)places_of(l) * l->out), 1, 1, from, more, w, b, n->made[k], &p,
                             err);
    vv_buf_destroy(n->dev, &w);
    vv_buf_destroy(n->dev, &b);
    return s;
}

static vv_status make_input(net *n, const vv_grid *g, double air, double top, const double frame[12], vv_err *err)
{
    double step[12] = {0}, mm[12], to_voxel[12], m[12];
    for (int a = 0; a < 3; ++a) {
        step[5 * a] = VV_CUBE_STEP;
        step[4 * a + 3] = -0.5 * (VV_CUBE_SIDE - 1) * VV_CUBE_STEP;
    }
    if (!vv_affine_invert(g->affine, to_voxel))
        return vv_fail(err, VV_E_INTERNAL, "network", "the grid's axes lie in one plane; report this");
    vv_affine_compose(frame, step, mm);
    vv_affine_compose(to_voxel, mm, m);
    vk_network_input_p p = {.nx = g->dims[0],
                            .ny = g->dims[1],
                            .nz = g->dims[2],
                            .size = VV_CUBE_SIDE / 2,
                            .lo = (float)air,
                            .scale = top > air ? (float)((double)VK_NETWORK_TOP / (top - air)) : 0.0f};
    for (int i = 0; i < 12; ++i)
        p.m[i] = (float)m[i];
    return vv_launch_network_input(n->dev, vv_groups(VV_CUBE_SIDE * VV_CUBE_SIDE * VV_CUBE_SIDE / 8), 1, 1, g->level,
                                   n->input, &p, err);
}

/* The last layer's sums as what they mean; scale: of the sums, from the end of the file. */
static vv_status read_cells(net *n, const unsigned char *scale, vv_cell *cells, vv_err *err)
{
    double unit[CHANNELS];
    size_t bytes = (size_t)VV_CELLS * CHANNELS * sizeof(int32_t);
    int32_t *sums = vv_malloc(bytes, 1);
    if (!sums)
        return vv_fail(err, VV_E_RESOURCE, "network", "out of memory; free some and try again");
    memcpy(unit, scale, sizeof unit);
    vv_status s = vv_download(n->dev, sums, n->made[OUT], 0, bytes, err);
    for (int v = 0; !s && v < VV_CELLS; ++v) {
        const int32_t *c = sums + (size_t)v * CHANNELS;
        for (int a = 0; a < 3; ++a)
            cells[v].atlas[a] = c[a] * unit[a] * 100.0;
        double e = c[3] * unit[3];
        cells[v].log_error = e < -4 ? -4 : e > 2 ? 2 : e;
        cells[v].head = c[4] * unit[4];
    }
    vv_free(sums);
    return s;
}

vv_status vv_network_run(vv_device *dev, const vv_grid *g, double air, double top, const double frame[12],
                         vv_cell *cells, vv_err *err)
{
    net n = {.dev = dev};
    const unsigned char *weight = vv_network_data, *number = weight;
    for (int k = 0; k < LAYERS; ++k)
        number += weights_of(&layers[k]);
    vv_status s = net_create(&n, err);
    if (!s)
        s = make_input(&n, g, air, top, frame, err);
    for (int k = 0; !s && k < LAYERS; ++k) {
        s = run_layer(&n, k, weight, number, err);
        weight += weights_of(&layers[k]);
        number += numbers_of(k) * sizeof(int32_t);
    }
    if (!s)
        s = read_cells(&n, number, cells, err);
    net_release(&n);
    return s;
}
