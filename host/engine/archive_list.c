/* archive_list.c - which files, and whose. */
#include "alloc.h"
#include "archive.h"
#include "path.h"
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define FILES_MOST 65536

static bool is_image(const char *name)
{
    static const char *const endings[] = {".nii", ".nii.gz", ".hdr", ".hdr.gz"};
    for (size_t i = 0; name[0] != '.' && i < sizeof endings / sizeof *endings; i++) {
        if (vv_path_has_suffix(name, endings[i]))
            return true;
    }
    return false;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const vv_archive_item *)a)->name, ((const vv_archive_item *)b)->name);
}

/* Takes the name over; room: of the list, in items. */
static bool add(vv_archive_list *list, const char *name, size_t *room)
{
    if ((size_t)list->n == *room) {
        size_t more = *room ? 2 * *room : 64;
        vv_archive_item *larger = vv_calloc(more, sizeof *larger);
        if (!larger)
            return false;
        if (list->n)
            memcpy(larger, list->item, (size_t)list->n * sizeof *larger);
        vv_free(list->item);
        list->item = larger;
        *room = more;
    }
    char *copy = vv_path_resuffix(name, 0, "");
    list->item[list->n] = (vv_archive_item){copy, -1};
    list->n += copy != NULL;
    return copy != NULL;
}

vv_status vv_archive_files(const char *path, const char *where, vv_archive_list *out, vv_err *err)
{
    struct stat st;
    size_t room = 0;
    bool ok = true;
    *out = (vv_archive_list){0};
    if (!stat(path, &st) && !S_ISDIR(st.st_mode)) {
        ok = add(out, vv_path_base(path), &room);
    } else {
        DIR *dir = opendir(path);
        if (!dir)
            return vv_fail(err, VV_E_USAGE, where,
                           "there is no such folder or file, or it cannot be read; check the path");
        for (struct dirent *entry; ok && out->n < FILES_MOST && (entry = readdir(dir));)
            ok = !is_image(entry->d_name) || add(out, entry->d_name, &room);
        closedir(dir);
    }
    if (!ok)
        return vv_fail(err, VV_E_RESOURCE, where, "out of memory; free some and try again");
    if (out->n == 0)
        return vv_fail(err, VV_E_USAGE, where,
                       "there is no image in the folder; give one with .nii, .nii.gz or .hdr files");
    qsort(out->item, (size_t)out->n, sizeof *out->item, by_name);
    return VV_OK;
}

void vv_archive_release(vv_archive_list *list)
{
    for (int i = 0; i < list->n; i++)
        vv_free(list->item[i].name);
    vv_free(list->item);
    *list = (vv_archive_list){0};
}

/* The part of the name that says whose the file is. */
static size_t label(const char *name)
{
    size_t n = strcspn(name, "_");
    return name[n] ? n : strcspn(name, ".");
}

static bool same_person(const char *a, const char *b)
{
    size_t n = label(a);
    return n == label(b) && !memcmp(a, b, n);
}

int vv_archive_persons(vv_archive_list *gallery, vv_archive_list *others)
{
    int persons = 0;
    for (int i = 0; i < gallery->n; i++) {
        vv_archive_item *item = &gallery->item[i];
        for (int k = 0; k < i && item->person < 0; k++)
            item->person = same_person(item->name, gallery->item[k].name) ? gallery->item[k].person : -1;
        if (item->person < 0)
            item->person = persons++;
    }
    for (int i = 0; i < others->n; i++) {
        for (int k = 0; k < gallery->n; k++) {
            if (same_person(others->item[i].name, gallery->item[k].name))
                others->item[i].person = gallery->item[k].person;
        }
    }
    return persons;
}
