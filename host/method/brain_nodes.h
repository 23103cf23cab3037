/* brain_nodes.h - places on the surface of the atlas's brain, along whose normals the subject's brain is looked for. */
#ifndef VV_BRAIN_NODES_H
#define VV_BRAIN_NODES_H
#include "atlas.h"

typedef struct vv_brain_node {
    double at[3];     /* atlas mm, on the surface */
    double normal[3]; /* outward, unit */
    int32_t cell;     /* of the grid of fields, x fastest */
} vv_brain_node;

/* The cells of the grid of fields within 1.5 mm of the brain's surface, by index. *nodes is released with vv_free. */
VV_NODISCARD vv_status vv_brain_nodes(vv_brain_node **nodes, int *n, vv_err *err);

/* out[i * columns + c]: the mean of in[j * columns + c] over the nodes j that lie within `reach` mm of i and face the
 * same way, with weights (1 - distance^2 / reach^2)^2. in and out must not overlap. */
void vv_brain_smooth(const vv_brain_node *nodes, int n, double reach, const double *in, int columns, double *out);
#endif
