package org.wucme.acme.pki;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds every block of a PEM text (RFC 7468), and everything that looks like the beginning or the end of one: what is not
 * read is reported, since a reader that skips a block takes the next certificate for the one that was meant.
 *
 * <p>Read are blocks with any line ends and lengths, indented, on one line, or with the END of one and the BEGIN of the
 * next on one line. Passed over are other texts outside of blocks, and byte order marks in front of them. For one text.
 */
final class PemScanner {

    private static final Pattern MARK =
            Pattern.compile("-----(BEGIN|END) ([A-Za-z0-9#.](?:[A-Za-z0-9#./ -]{0,60}?[A-Za-z0-9#.])??) ?-----");
    // What a person would take for such a line: another number or sort of dashes, lower case, no dashes, a typing
    // error.
    private static final Pattern DASHED =
            Pattern.compile("(?i:\\p{Pd}{3}\\s*(?:BEGIN|END))|(?i:\\p{Pd}(?:BEGIN|END) [\\w ]{1,40}\\p{Pd})");
    private static final Pattern DOUBTFUL =
            Pattern.compile(DASHED + "|\\b(?:BEGIN|END)\\s*[A-Z0-9. ]{0,40}(?:CERTIFICATE|KEY)\\b"
                    + "|\\p{Pd}{4}[A-Z0-9. ]{0,40}(?:CERTIFICATE|KEY)\\s?\\p{Pd}{4}");
    // U+FEFF, as it is read from UTF-8, and from UTF-8 that is taken for ISO 8859-1.
    private static final Pattern BYTE_ORDER_MARK = Pattern.compile("^(?:\uFEFF|\u00EF\u00BB\u00BF)");

    private final List<PemBlock> blocks = new ArrayList<>();
    private final StringBuilder body = new StringBuilder();
    private int number;
    private int begin;
    private @Nullable String label;
    private @Nullable String fault;
    private boolean hasNul;

    private PemScanner() {}

    /** The blocks in their order, those that cannot be read included. */
    static List<PemBlock> scan(String text) {
        PemScanner scanner = new PemScanner();
        text.lines().forEach(scanner::read);
        scanner.requireEnd();
        return List.copyOf(scanner.blocks);
    }

    /**
     * The blocks in their order.
     *
     * @throws PemException if there is something that looks like one and cannot be read
     */
    static List<PemBlock> requireReadable(String text) throws PemException {
        List<PemBlock> blocks = scan(text);
        for (PemBlock block : blocks) {
            block.requireReadable();
        }
        return blocks;
    }

    private void read(String text) {
        number++;
        String line = BYTE_ORDER_MARK.matcher(text).replaceFirst("");
        Matcher mark = MARK.matcher(line);
        int from = 0;
        while (mark.find()) {
            String before = line.substring(from, mark.start());
            pass(before);
            if (mark.group(1).equals("BEGIN")) {
                begin(mark.group(2), before);
            } else {
                end(mark.group(2));
            }
            from = mark.end();
        }
        pass(line.substring(from));
        body.append('\n');
    }

    private void pass(String text) {
        if (label != null) {
            body.append(text);
            fault = fault == null && DASHED.matcher(text).find() ? doubtful(number) : fault;
        } else if (text.indexOf('\0') >= 0 && !hasNul) {
            hasNul = true;
            refuse(
                    "",
                    "line " + number + ": a NUL byte in the text around the PEM blocks: convert DER to PEM, and save"
                            + " UTF-16 as UTF-8");
        } else if (DOUBTFUL.matcher(text).find()) {
            refuse("", doubtful(number));
        }
    }

    private static String doubtful(int line) {
        return "line " + line
                + ": this looks like the BEGIN or END line of a block, but is none: five dashes on each side"
                + " and capital letters are expected";
    }

    private void begin(String text, String before) {
        requireEnd();
        label = text;
        begin = number;
        body.setLength(0);
        // Such as a comment sign, which would make one line of a block count, and not the others.
        fault = before.isBlank()
                ? null
                : "line " + number + ": other text stands before the BEGIN of the " + text + " block";
    }

    private void end(String text) {
        String open = label;
        label = null;
        if (open == null) {
            refuse(text, "line " + number + ": the END of a " + text + " block without its BEGIN");
        } else if (!open.equals(text)) {
            refuse(
                    open,
                    "line " + number + ": the END of a " + text + " block, where that of the " + open
                            + " block from line " + begin + " is expected");
        } else if (fault != null) {
            refuse(open, fault);
        } else {
            blocks.add(PemBlock.of(begin, open, body.toString()));
        }
    }

    private void requireEnd() {
        String open = label;
        label = null;
        if (open != null) {
            refuse(open, "line " + begin + ": the " + open + " block has no END");
        }
    }

    private void refuse(String kind, String why) {
        blocks.add(new PemBlock(number, kind, "", why));
    }
}
