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
    {{0.00f, 107.48f, -25.32f}, \
     {0.00f, 125.38f, -51.13f}, \
     {-29.93f, 97.85f, -29.64f}, \
     {29.93f, 97.85f, -29.64f}, \
     {0.00f, 114.01f, -78.88f}, \
     {0.00f, 108.83f, -102.51f}, \
     {-72.89f, 9.74f, -50.01f}, \
     {72.89f, 9.74f, -50.01f}}
#endif
