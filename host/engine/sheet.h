/* sheet.h - the preview: one picture with every tile before (upper row) and after (lower row). */
#ifndef VV_SHEET_H
#define VV_SHEET_H
#include "face.h"

#define VV_SHEET_GAP 4    /* pixels between tiles */
#define VV_SHEET_LABEL 16 /* height of the strip above each row */
#define VV_SHEET_WIDTH (VV_TILES * VV_TILE_SIZE + (VV_TILES + 1) * VV_SHEET_GAP)
#define VV_SHEET_HEIGHT (2 * (VV_SHEET_LABEL + VV_TILE_SIZE) + VV_SHEET_GAP)

/* Fills `sheet` (VV_SHEET_WIDTH * VV_SHEET_HEIGHT bytes, 8-bit grey, rows top to bottom). */
void vv_sheet_compose(const vv_face_pictures *pictures, uint8_t *sheet);
#endif
