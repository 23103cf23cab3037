/* attack.h - tries to find people again by what is left of their heads, and says how well that goes. Host memory and
 * doubles only, in a fixed order: the same figures on every machine.
 *
 * A gallery holds scans of people as maps (attack_maps.h), each with the number of its person:
 *   known     an identified scan of the person, face and all: what the attacker has
 *   original  another scan of the same person, before it was cleaned
 *   cleaned   that other scan, cleaned
 *   unblurred the same, after the attacker tried to take the blur out again (for the mode `blur`); may be missing
 *   linked    the known scan, cleaned by the attacker in the same way; may be missing
 * The attacks look, for each `cleaned` scan, for its person among the `known` ones; the same is done for `original`, to
 * show what the attack is worth. Persons may be of groups (made identities that share a skull): then the match is also
 * scored among the known scans of the person's own group.
 *
 * Use: vv_gallery_create, vv_gallery_add for every scan, vv_attack_run, vv_gallery_destroy. */
#ifndef VV_ATTACK_H
#define VV_ATTACK_H
#include "attack_maps.h"

typedef struct vv_gallery vv_gallery;

typedef enum vv_scan {
    VV_SCAN_KNOWN,
    VV_SCAN_ORIGINAL,
    VV_SCAN_CLEANED,
    VV_SCAN_UNBLURRED,
    VV_SCAN_LINKED,
    VV_SCANS
} vv_scan;

VV_NODISCARD vv_status vv_gallery_create(vv_gallery **out, vv_err *err);
void vv_gallery_destroy(vv_gallery **gallery);
/* Takes a copy of the maps. person: any number >= 0, the same for all scans of a person; at most one scan of a kind for
 * each. group: any number >= 0 and below 2^29; equal for persons who share a skull; where nobody does, 0 for all.
 * VV_E_USAGE: a second scan of the kind, another group. VV_E_RESOURCE: memory. */
VV_NODISCARD vv_status vv_gallery_add(vv_gallery *gallery, vv_scan scan, int person, int group, const vv_maps *maps,
                                      vv_err *err);

#define VV_RANKS 20
/* How often people were found, of `n` looked for. Limits are those of Wilson's 95 % interval. */
typedef struct vv_rate {
    int n;                            /* 0: nothing was looked for, and all else is 0 */
    double rank1, rank1_lo, rank1_hi; /* found first */
    double rank5, rank5_lo, rank5_hi; /* among the first five */
    double within[VV_RANKS];          /* among the first 1, 2, ... 20 */
    double auc;                       /* area under the ROC curve of all pairs: 0.5 is chance */
    double chance;                    /* rank 1 by guessing */
    double chance_hi;                 /* upper 95 % limit of rank 1 by guessing, in n tries */
} vv_rate;

/* What the attacker looks at. */
typedef enum vv_attack_area {
    VV_AREA_FACE,  /* what lies in the place of what is removed: the face and the ears */
    VV_AREA_HEAD,  /* all of the maps */
    VV_AREA_REST,  /* all but the pixels that look at the face */
    VV_AREA_INNER, /* the face 8 mm and more from what is kept: of `rebuild` alone */
    VV_AREAS
} vv_attack_area;

typedef enum vv_attack_kind {
    VV_ATTACK_MATCH,   /* maps against maps */
    VV_ATTACK_FILL,    /* what is hidden is filled with the average face first */
    VV_ATTACK_REBUILD, /* what is hidden is guessed from what is left, as other people have it */
    VV_ATTACK_UNBLUR,  /* match of the scans `unblurred` */
    VV_ATTACK_LINK,    /* match against the scans `linked`, cleaned as well: only within groups does it show a face */
    VV_ATTACKS
} vv_attack_kind;
/* "match", "fill", "rebuild", "unblur", "link"; "face", "head", "rest", "inner". Never NULL. */
const char *vv_attack_name(vv_attack_kind kind);
const char *vv_area_name(vv_attack_area area);

/* One attack on one area. */
typedef struct vv_attack_figure {
    vv_attack_kind kind;
    vv_attack_area area;
    bool cleaned;   /* of the scans cleaned, else of the originals */
    vv_rate all;    /* among all known scans */
    vv_rate within; /* among those of the own group; n is 0 where no group has two persons */
} vv_attack_figure;

/* How much of the hidden face can be told from what is left. The depths of the face area (front view) of the `known`
 * scans are the truth; a ridge regression from what is left of the cleaned scans, trained on other persons, guesses. */
typedef struct vv_rebuild_figure {
    int n;             /* persons; 0: not done (fewer than VV_REBUILD_LEAST, or nothing is left to guess from) */
    double explained;  /* share of the variance between persons (within groups), faces being compared whatever
                          their pose, as for the match */
    double as_posed;   /* the same of the faces as they are posed: what is left also tells where the face lies */
    double permuted;   /* 95th percentile of `explained` where persons are exchanged (within groups) */
    double error_mm;   /* mean distance of the guess from the truth */
    double average_mm; /* the same of the mean of the other persons (of the group, where there is one) */
} vv_rebuild_figure;
#define VV_REBUILD_LEAST 12
#define VV_REBUILD_MOST 300 /* persons; of more the first are taken, for the time grows with the cube */

#define VV_FIGURES_MAX 20
#define VV_PERSONS_MOST 4096
#define VV_STRONG 0.90       /* rank 1 of the originals below which an attack says nothing */
#define VV_PEOPLE_LEAST 20   /* persons below which it says nothing either */
#define VV_CHANCE_LEAST 0.02 /* rank 1 that counts as chance whatever the number of people */
#define VV_REBUILD_OVER 0.02 /* explained variance above the permutation's that counts as chance */

typedef struct vv_attack_result {
    int persons, groups;
    vv_attack_figure figure[VV_FIGURES_MAX];
    int figures;
    vv_rebuild_figure rebuild, rebuild_original; /* from what is left of the cleaned scans; from whole originals */
    vv_rebuild_figure inner, inner_original; /* the same of VV_AREA_INNER: skin beside the border tells its neighbour */
    /* Too few persons, or the attack does not find VV_STRONG of the originals by the face or the head: it says
     * nothing. */
    bool weak;
    /* Not weak; and from the face area every attack on what was cleaned is at or below max(chance_hi, VV_CHANCE_LEAST),
     * within groups and among all (the limit among all is that within groups where there are any: the skull that stays
     * may tell the group); and the cleaned heads are found no more often than the originals without the face area; and
     * `rebuild` explains at most VV_REBUILD_OVER more than the permutation. */
    bool held;
    char reason[160]; /* why it did not hold; empty where it did */
} vv_attack_result;

/* Runs all attacks that the scans allow: persons count who have a known scan; those without an original or a cleaned
 * one are only in the crowd. VV_E_USAGE: fewer than two known persons, or nothing to look for. VV_E_RESOURCE: memory.
 * The gallery stays as it is. */
VV_NODISCARD vv_status vv_attack_run(const vv_gallery *gallery, vv_attack_result *out, vv_err *err);

/* The figure of an attack, or NULL. */
const vv_attack_figure *vv_attack_find(const vv_attack_result *r, vv_attack_kind kind, vv_attack_area area,
                                       bool cleaned);
#endif
