/* note.h - a note in a program's segments, the same for every CPU. */
#ifndef COHOOK_ARCH_NOTE_H
#define COHOOK_ARCH_NOTE_H

#define NOTE_TEXT_OF(number) #number
#define NOTE_TEXT(number) NOTE_TEXT_OF(number)

/* A note of NAME and TYPE in SECTION, whose description is the distance from there to the
 * object SYMBOL, a number of 32 bits. */
#define NOTE_OF_PLACE(section, name, type, symbol) \
	__asm__(".pushsection " section ", \"a\", %note\n" \
		"	.balign 4\n" \
		"	.long 2f - 1f, 4f - 3f, " NOTE_TEXT(type) "\n" \
		"1:	.asciz \"" name "\"\n" \
		"2:	.balign 4\n" \
		"3:	.long " symbol " - .\n" \
		"4:	.balign 4\n" \
		".popsection")

#endif
