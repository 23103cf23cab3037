/* brain_nodes.c - the surface of the atlas's brain as points with normals. */
#include "brain_nodes.h"
#include "alloc.h"
#include <math.h>

#define NX VV_ATLAS_FIELD_NX
#define NY VV_ATLAS_FIELD_NY
#define NZ VV_ATLAS_FIELD_NZ
#define NEAR_MM 1.5
#define RIM 2        /* cells at the edge of the grid, for which there is no slope */
#define SAME_WAY 0.2 /* least cosine between the normals of nodes that share what they see */

/* Mean slope of the brain's distance over the 27 cells about (x, y, z): it points inward. */
static void slope(int x, int y, int z, double out[3])
{
    static const int step[3] = {1, NX, NX * NY};
    for (int a = 0; a < 3; ++a)
        out[a] = 0;
    for (int c = z - 1; c <= z + 1; ++c)
        for (int b = y - 1; b <= y + 1; ++b)
            for (int a = x - 1; a <= x + 1; ++a) {
                int v = (c * NY + b) * NX + a;
                for (int k = 0; k < 3; ++k)
                    out[k] += vv_atlas_brain_mm(v + step[k]) - vv_atlas_brain_mm(v - step[k]);
            }
}

static bool make_node(int x, int y, int z, vv_brain_node *out)
{
    static const double origin[3] = VV_ATLAS_ORIGIN;
    const int at[3] = {x, y, z};
    int v = (z * NY + y) * NX + x;
    double mm = vv_atlas_brain_mm(v), g[3];
    if (fabs(mm) > NEAR_MM)
        return false;
    slope(x, y, z, g);
    double length = sqrt(g[0] * g[0] + g[1] * g[1] + g[2] * g[2]);
    if (!(length > 0))
        return false;
    out->cell = v;
    for (int a = 0; a < 3; ++a) {
        out->normal[a] = -g[a] / length;
        out->at[a] = origin[a] + VV_ATLAS_FIELD_STEP * at[a] + out->normal[a] * mm;
    }
    return true;
}

static int collect(vv_brain_node *nodes)
{
    int n = 0;
    vv_brain_node node;
    for (int z = RIM; z < NZ - RIM; ++z)
        for (int y = RIM; y < NY - RIM; ++y)
            for (int x = RIM; x < NX - RIM; ++x)
                if (make_node(x, y, z, &node)) {
                    if (nodes)
                        nodes[n] = node;
                    ++n;
                }
    return n;
}

vv_status vv_brain_nodes(vv_brain_node **nodes, int *n, vv_err *err)
{
    *n = collect(NULL);
    *nodes = vv_malloc((size_t)*n, sizeof **nodes);
    if (!*nodes)
        return vv_fail(err, VV_E_RESOURCE, "brain", "out of memory; free some and try again");
    collect(*nodes);
    return VV_OK;
}

static double weight(const vv_brain_node *a, const vv_brain_node *b, double reach)
{
    double d2 = 0, same = 0;
    for (int k = 0; k < 3; ++k) {
        d2 += (a->at[k] - b->at[k]) * (a->at[k] - b->at[k]);
        same += a->normal[k] * b->normal[k];
    }
    double w = 1 - d2 / (reach * reach);
    return a == b ? 1 : w > 0 && same > SAME_WAY ? w * w : 0;
}

void vv_brain_smooth(const vv_brain_node *nodes, int n, double reach, const double *in, int columns, double *out)
{
    /* Nodes stand by layers of z, each at most NEAR_MM off its own layer: those out of reach come first and last. */
    double window = reach + 2 * NEAR_MM + VV_ATLAS_FIELD_STEP;
    int first = 0;
    for (int i = 0; i < n; ++i) {
        double sum = 0, *row = out + (size_t)i * (size_t)columns;
        for (int c = 0; c < columns; ++c)
            row[c] = 0;
        while (nodes[first].at[2] < nodes[i].at[2] - window)
            ++first;
        for (int j = first; j < n && nodes[j].at[2] <= nodes[i].at[2] + window; ++j) {
            double w = weight(&nodes[i], &nodes[j], reach);
            const double *from = in + (size_t)j * (size_t)columns;
            sum += w;
            for (int c = 0; w > 0 && c < columns; ++c)
                row[c] += w * from[c];
        }
        for (int c = 0; c < columns; ++c)
            row[c] /= sum;
    }
}
