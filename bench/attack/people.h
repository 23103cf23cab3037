/* people.h - who the attacks are tried on, and their scans as maps. */
#ifndef BENCH_PEOPLE_H
#define BENCH_PEOPLE_H
#include "attack_maps.h"
#include "face.h"
#include "scene.h"

/* How a scan is cleaned: by one of voxveil's modes, or by what is known to be weak. */
typedef enum cleaning {
    CLEAN_REMOVE,
    CLEAN_NOISE,
    CLEAN_REFACE,
    CLEAN_BLUR,
    CLEAN_WEAK_BLUR,
    CLEAN_WEAK_PLANE,
    CLEANINGS
} cleaning;
extern const char *const cleaning_names[CLEANINGS];

typedef struct person {
    int number, group;
    bool there; /* both scans could be seen */
    vv_maps known, original;
    vv_maps *cleaned[CLEANINGS]; /* NULL: held back (review), or not wanted */
    vv_maps *linked[CLEANINGS];  /* the known scan, cleaned by one of the modes; NULL: held back, or not wanted */
    vv_maps *unblurred[2];       /* of CLEAN_WEAK_BLUR: Wiener; Richardson and Lucy */
} person;

/* Finds where the head of a scene lies, and notes it there. False: *err says why. */
bool person_place(vv_device *dev, scene *s, vv_err *err);
/* Makes the scans of one person: `base` (which stays) as it is, or with the face `identity` (0: its own). wanted: bits
 * of cleaning; link: the known scan is cleaned, too. False: nothing could be done, *err says why. */
bool person_make(vv_device *dev, const scene *base, uint64_t identity, unsigned wanted, bool link, uint64_t seed,
                 person *out, vv_err *err);
void person_free(person *p);
#endif
