/* archive.h - the parts of verifying an archive. */
#ifndef VV_ARCHIVE_H
#define VV_ARCHIVE_H
#include "attack.h"
#include "engine.h"
#include "face.h"

#define VV_ARCHIVE_PICTURES 24 /* cleaned heads that the page shows */

/* A file of the archive. */
typedef struct vv_archive_item {
    char *name; /* never shown */
    int person; /* whose it is; the same numbers as in the gallery */
} vv_archive_item;
typedef struct vv_archive_list {
    vv_archive_item *item;
    int n;
} vv_archive_list;

/* The images (by the ending of their names) of a folder, in the order of the bytes of their names; or the one file.
 * Release also what failed. VV_E_USAGE: no such folder, or nothing in it. VV_E_RESOURCE: memory. where: err's. */
VV_NODISCARD vv_status vv_archive_files(const char *path, const char *where, vv_archive_list *out, vv_err *err);
void vv_archive_release(vv_archive_list *list);
/* Numbers the persons of the gallery from 0, in the order of their names, and gives the others' files the same numbers;
 * -1: not in the gallery. Returns how many persons there are. */
int vv_archive_persons(vv_archive_list *gallery, vv_archive_list *others);

/* What came of it all. */
typedef struct vv_archive_result {
    const vv_device *device;
    int items, clean, no_face, review, missing; /* files of the archive, by what came of them */
    int gallery, attacked;                      /* scans; persons looked for */
    vv_mode mode;
    double worst_residual; /* mm^2: the most skin left on any */
    vv_attack_result attack;
    bool held;
    char reason[160];
    int pictures;
    uint8_t (*picture)[2][VV_TILE_SIZE * VV_TILE_SIZE]; /* cleaned heads, from the front and the side */
} vv_archive_result;

/* The certificate as JSON. */
VV_NODISCARD vv_status vv_archive_report(const vv_archive_result *r, vv_report **out, vv_err *err);
/* The same as a page, put at `path` in one step. */
VV_NODISCARD vv_status vv_archive_page(const vv_archive_result *r, const char *path, bool force, vv_err *err);

/* What the certificate may say: the n-th sentence on what was shown (or was not) into words, false where there is none.
 */
bool vv_archive_shown(const vv_archive_result *r, int n, char words[240]);
bool vv_archive_not_shown(const vv_archive_result *r, int n, char words[240]);
#endif
