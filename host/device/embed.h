/* embed.h - a file of the build folder as bytes of the library. */
#ifndef VV_EMBED_H
#define VV_EMBED_H

/* Declares symbol[] and symbol_end[]; a zero byte follows the last, so that a text is a string. */
#define VV_EMBED(symbol, path)                                                                                         \
    __asm__(".pushsection .rodata\n"                                                                                   \
            ".balign 16\n"                                                                                             \
            ".globl " #symbol "\n.hidden " #symbol "\n" #symbol ":\n"                                                  \
            ".incbin \"" path "\"\n"                                                                                   \
            ".globl " #symbol "_end\n.hidden " #symbol "_end\n" #symbol "_end:\n"                                      \
            ".byte 0\n"                                                                                                \
            ".popsection\n");                                                                                          \
    extern const unsigned char symbol[], symbol##_end[]
#endif
