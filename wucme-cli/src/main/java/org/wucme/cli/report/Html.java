package org.wucme.cli.report;

import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A piece of HTML. There is one way to put text into it, and that way escapes it: what comes from a CA, a store or a
 * request never becomes markup.
 *
 * @param markup the HTML itself
 */
record Html(String markup) {

    static final Html NOTHING = new Html("");

    private static final String GAP = "{}";
    // Control characters but the ends of lines, and what turns the direction of writing for all that follows.
    private static final Pattern INVISIBLE =
            Pattern.compile("[\\p{Cntrl}\\x{80}-\\x{9f}\\x{202a}-\\x{202e}\\x{2066}-\\x{2069}&&[^\\n\\t]]");

    /**
     * Markup, with each {@code {}} in it replaced by the next part: HTML as it is, anything else as escaped text.
     *
     * @param template markup that this program knows; never anything from outside
     */
    static Html of(String template, Object... parts) {
        Iterator<Object> next = List.of(parts).iterator();
        StringBuilder html = new StringBuilder();
        int from = 0;
        for (int gap = template.indexOf(GAP); gap >= 0; gap = template.indexOf(GAP, from)) {
            html.append(template, from, gap).append(markupOf(next.next()));
            from = gap + GAP.length();
        }
        if (next.hasNext()) {
            throw new IllegalArgumentException("more parts than gaps in " + template);
        }
        return new Html(html.append(template.substring(from)).toString());
    }

    /** All of them, one after the other. */
    static Html all(Collection<Html> pieces) {
        return new Html(pieces.stream().map(Html::markup).collect(Collectors.joining()));
    }

    /** All of them, with a text between. */
    static Html joined(Collection<Html> pieces, String between) {
        return new Html(pieces.stream().map(Html::markup).collect(Collectors.joining(escape(between))));
    }

    private static String markupOf(Object part) {
        return part instanceof Html html ? html.markup : escape(part.toString());
    }

    private static String escape(String text) {
        return INVISIBLE
                .matcher(text)
                .replaceAll("\ufffd")
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
