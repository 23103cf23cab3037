/* list.c - what is known of each head of the data set. */
#include "list.h"
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EAR_L (1u << MARK_EAR_L)
#define EAR_R (1u << MARK_EAR_R)

const head heads_others[OTHERS] = {
    {"allineate_MNI152_T1_2mmEXT_avgface", "T1", "FULL", CLEAN, 0},
    {"allineate_T1w_2mm", "T1", "FULL", CLEAN, 0},
    {"allineate_T1w_ARC2017_DEFACED", "T1", "DEFACED", CLEAN_OR_NO_FACE, 0},
    {"allineate_T2w_1x1x2", "T2", "PARTIAL", CLEAN, 0},
    {"allineate_fmri_epi", "EPI", "FAINT", CLEAN_OR_NO_FACE, 0},
    {"bisweb_sag_2mm", "T1", "FULL", CLEAN, 0},
    {"bisweb_sag_2mm_DEFACED_ref", "T1", "DEFACED", CLEAN_OR_NO_FACE, 0},
    {"brainchop_t1_crop_LIA", "T1", "PARTIAL", CLEAN, 0},
    {"chris_t1_mricron_176", "T1", "FULL", CLEAN, 0},
    {"colin27_ch2_1mm", "T1", "PARTIAL", CLEAN, 0},
    {"ct_pitch_phantom_uint8", "CT", "PHANTOM", REVIEW_OR_NO_FACE, 0},
    {"dcmqaasl_T1_mprage_CR", "T1", "FULL", CLEAN, 0},
    /* One side of the head is out of view in these two, and the ear with it: its landmark lies on the cut. */
    {"decubitus_T1fl2d_HFDL_CR", "T1", "PARTIAL", CLEAN, EAR_R},
    {"decubitus_T1fl2d_HFDR_CR", "T1", "PARTIAL", CLEAN, EAR_L},
    {"decubitus_T1fl2d_HFP_CR", "T1", "FULL", CLEAN, 0},
    {"decubitus_T1fl2d_HFS_CR", "T1", "FULL", CLEAN, 0},
    {"dwi_toshiba_rotated_4d", "DWI", "PARTIAL", NOT_WRONG, 0},
    {"epi_me_fmri_uint16_4d", "EPI", "NONE", CLEAN_OR_NO_FACE, 0},
    /* 28 slices from the eyes up, the tilt of the gantry uncorrected: hardly fits better than the other way round. */
    {"gehispeed_CT_tilt", "CT", "PARTIAL", NOT_WRONG, 0},
    {"gre_fieldmap_me_partial", "GRE", "PARTIAL", NOT_WRONG, 0},
    {"niivue_T1_head_ext_1p6mm_uint8", "T1", "FULL", CLEAN, 0},
    {"niivue_otsu_T1", "T1", "PARTIAL", CLEAN, 0},
    {"open_ms_FLAIR_DEFACED", "FLAIR", "DEFACED", CLEAN_OR_NO_FACE, 0},
    {"papaya_PD_FSE_axial_obl", "PD", "PARTIAL", CLEAN, 0},
    {"philips_CT_phantom_5mm", "CT", "PHANTOM", REVIEW_OR_NO_FACE, 0},
    {"philipsenh_3DpCASL_4d", "ASL", "FULL", NOT_WRONG, 0},
    {"philipsenh_GRE_fieldmap_e1", "GRE", "FULL", NOT_WRONG, 0},
    {"seg3d_MR_T1_uint8", "T1", "PARTIAL", CLEAN, 0},
    {"spm_single_subj_T1", "T1", "PARTIAL", CLEAN, 0},
    {"spm_template_EPI", "EPI", "AVERAGE", NOT_WRONG, 0},
    {"spm_template_PD", "PD", "AVERAGE", NOT_WRONG, 0},
    {"spm_template_PET", "PET", "AVERAGE", NOT_WRONG, 0},
    {"spm_template_SPECT", "SPECT", "AVERAGE", NOT_WRONG, 0},
    {"spm_template_T2", "T2", "AVERAGE", NOT_WRONG, 0},
    {"torchio_fernando_t2_5p5mm", "T2", "PARTIAL", CLEAN, 0},
    /* Its landmarks are off by 25 mm: that of the mouth lies on the tip of the nose, that of the chin on the lips. */
    {"visiblemale_CT_uint8", "CT", "FULL", CLEAN, ALL_MARKS},
    {"vtk_HeadMRVolume_4mm", "T2", "PARTIAL", CLEAN, 0},
    {"vtk_headsq_CT_lowres", "CT", "LOWER", NOT_WRONG, 0},
    {"xa30_T1tfl_2mm", "T1", "FULL", CLEAN, 0},
};

const head head_of_ixi = {"ixi", "T1", "FULL", CLEAN, 0};

int heads_ixi(const char *heads, ixi_head **out)
{
    static const char ending[] = "_T1.nii.gz";
    char pattern[4096];
    glob_t found;
    snprintf(pattern, sizeof pattern, "%s/ixi/*%s", heads, ending);
    int n = glob(pattern, 0, NULL, &found) ? 0 : (int)found.gl_pathc;
    *out = n ? malloc((size_t)n * sizeof **out) : NULL;
    for (int i = 0; *out && i < n; i++) {
        ixi_head *h = &(*out)[i];
        snprintf(h->file, sizeof h->file, "ixi/%s", strrchr(found.gl_pathv[i], '/') + 1);
        snprintf(h->labels, sizeof h->labels, "%.*s_T1_DLMUSE.nii.gz", (int)(strlen(h->file) - strlen(ending)),
                 h->file);
    }
    globfree(&found);
    return *out ? n : 0;
}
