/* atlas_geometry.h - written by build_atlas.py; grids of the atlas, mm. */
#ifndef VV_ATLAS_GEOMETRY_H
#define VV_ATLAS_GEOMETRY_H
#define VV_ATLAS_ORIGIN {-112.0, -128.0, -176.0}
#define VV_ATLAS_CLASS_STEP 4.0
#define VV_ATLAS_CLASS_NX 57
#define VV_ATLAS_CLASS_NY 69
#define VV_ATLAS_CLASS_NZ 72
#define VV_ATLAS_FIELD_STEP 3.0
#define VV_ATLAS_FIELD_NX 76
#define VV_ATLAS_FIELD_NY 92
#define VV_ATLAS_FIELD_NZ 97
/* nasion, nose, eye_l, eye_r, mouth, chin, ear_l, ear_r */
#define VV_ATLAS_LANDMARKS \
    {{0.00f, 107.55f, -25.58f}, \
     {0.00f, 125.31f, -51.09f}, \
     {-29.90f, 97.90f, -29.82f}, \
     {29.90f, 97.90f, -29.82f}, \
     {0.00f, 113.86f, -78.61f}, \
     {0.00f, 108.57f, -101.87f}, \
     {-72.86f, 9.66f, -49.73f}, \
     {72.86f, 9.66f, -49.73f}}
#endif
