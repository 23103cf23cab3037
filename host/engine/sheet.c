#include "sheet.h"
#include <string.h>

enum { GROUND = 96, INK = 255, GLYPH_W = 5, GLYPH_H = 7 };

/* The letters of the two labels; one byte per row, bit 4 is the leftmost pixel. */
static const struct {
    char letter;
    uint8_t rows[GLYPH_H];
} font[] = {
    {'A', {0x0e, 0x11, 0x11, 0x1f, 0x11, 0x11, 0x11}}, {'B', {0x1e, 0x11, 0x11, 0x1e, 0x11, 0x11, 0x1e}},
    {'E', {0x1f, 0x10, 0x10, 0x1e, 0x10, 0x10, 0x1f}}, {'F', {0x1f, 0x10, 0x10, 0x1e, 0x10, 0x10, 0x10}},
    {'O', {0x0e, 0x11, 0x11, 0x11, 0x11, 0x11, 0x0e}}, {'R', {0x1e, 0x11, 0x11, 0x1e, 0x14, 0x12, 0x11}},
    {'T', {0x1f, 0x04, 0x04, 0x04, 0x04, 0x04, 0x04}},
};

static const uint8_t *glyph(char letter)
{
    for (size_t i = 0; i < sizeof font / sizeof *font; i++) {
        if (font[i].letter == letter)
            return font[i].rows;
    }
    return font[0].rows;
}

static void draw_text(uint8_t *sheet, int x, int y, const char *text)
{
    for (; *text; text++, x += GLYPH_W + 1) {
        const uint8_t *rows = glyph(*text);
        for (int r = 0; r < GLYPH_H; r++) {
            for (int c = 0; c < GLYPH_W; c++) {
                if (rows[r] >> (GLYPH_W - 1 - c) & 1)
                    sheet[(size_t)(y + r) * VV_SHEET_WIDTH + (size_t)(x + c)] = INK;
            }
        }
    }
}

static void draw_row(uint8_t *sheet, int top, const char *label, const uint8_t tiles[][VV_TILE_SIZE * VV_TILE_SIZE])
{
    draw_text(sheet, VV_SHEET_GAP, top + (VV_SHEET_LABEL - GLYPH_H) / 2, label);
    for (int t = 0; t < VV_TILES; t++) {
        int x = VV_SHEET_GAP + t * (VV_TILE_SIZE + VV_SHEET_GAP);
        for (int r = 0; r < VV_TILE_SIZE; r++)
            memcpy(sheet + (size_t)(top + VV_SHEET_LABEL + r) * VV_SHEET_WIDTH + x, tiles[t] + (size_t)r * VV_TILE_SIZE,
                   VV_TILE_SIZE);
    }
}

void vv_sheet_compose(const vv_face_pictures *pictures, uint8_t *sheet)
{
    memset(sheet, GROUND, (size_t)VV_SHEET_WIDTH * VV_SHEET_HEIGHT);
    draw_row(sheet, 0, "BEFORE", pictures->before);
    draw_row(sheet, VV_SHEET_LABEL + VV_TILE_SIZE, "AFTER", pictures->after);
}
