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
    {{0.00f, 108.08f, -26.05f}, \
     {0.00f, 125.99f, -51.86f}, \
     {-30.07f, 98.39f, -30.32f}, \
     {30.07f, 98.39f, -30.32f}, \
     {0.00f, 114.43f, -79.52f}, \
     {0.00f, 109.09f, -103.10f}, \
     {-73.22f, 9.68f, -50.38f}, \
     {73.22f, 9.68f, -50.38f}}
#endif
