package org.wucme.cli.report;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.wucme.manage.IssuedCertificate;
import org.wucme.manage.RenewalWindow;

/**
 * Draws the life of a certificate as a bar: what is gone, when it is renewed, when it is tried again, and now. As SVG
 * with attributes only, since the page allows no style in an element.
 */
final class LifeBar {

    private static final double NEAR_EDGE = 12;

    private final IssuedCertificate life;
    private final @Nullable Instant nextAttempt;
    private final Instant now;
    private final When when;
    private final Scale scale;

    LifeBar(IssuedCertificate life, @Nullable Instant nextAttempt, Instant now, When when) {
        this.life = life;
        this.nextAttempt = nextAttempt != null && nextAttempt.isAfter(now) ? nextAttempt : null;
        this.now = now;
        this.when = when;
        this.scale = new Scale(life, now);
    }

    /**
     * The picture, with a text that says the same.
     *
     * @param id distinguishes it from other pictures on the page
     */
    Html draw(String id) {
        Instant begin = life.notBefore();
        Instant end = life.notAfter();
        RenewalWindow window = life.renewal();
        Instant gone = now.isBefore(end) ? now : end;
        List<Html> shapes = new ArrayList<>();
        shapes.add(Html.of(
                "<clipPath id=\"{}\"><rect x=\"{}\" y=\"20\" width=\"{}\" height=\"16\" rx=\"8\"/></clipPath>",
                id,
                scale.at(begin),
                scale.width(begin, end)));
        shapes.add(Html.of(
                "<g clip-path=\"url(#{})\">{}{}{}{}</g>",
                id,
                rectangle("track", begin, end),
                rectangle("window", window.start(), window.end()),
                rectangle("gone", begin, gone),
                rectangle("frame", window.start(), window.end())));
        shapes.add(line("due", window.due(), 17, 39));
        shapes.add(text(
                "due-text",
                window.due(),
                51,
                (now.isBefore(window.due()) ? "renew " : "due ") + when.mark(window.due(), life.lifetime())));
        if (!now.isBefore(end)) {
            shapes.add(Html.of(
                    "<rect class=\"overdue\" x=\"{}\" y=\"27\" width=\"{}\" height=\"2\"/>",
                    scale.at(end),
                    scale.width(end, now)));
        }
        if (nextAttempt != null) {
            shapes.add(mark("attempt", nextAttempt, "<path d=\"M0 35l5 5-5 5-5-5z\"/>"));
        }
        shapes.add(line("now", now, 14, 36));
        shapes.add(mark("now", now, "<circle cy=\"28\" r=\"5\"/>"));
        shapes.add(text("now-text", now, 11, "now"));
        return Html.of(
                "<svg class=\"life\" role=\"img\" width=\"100%\" height=\"58\" aria-label=\"{}\">{}</svg>",
                describe(), Html.all(shapes));
    }

    private Html rectangle(String kind, Instant from, Instant to) {
        return Html.of(
                "<rect class=\"{}\" x=\"{}\" y=\"20\" width=\"{}\" height=\"16\"/>",
                kind,
                scale.at(from),
                scale.width(from, to));
    }

    private Html line(String kind, Instant moment, int from, int to) {
        String x = scale.at(moment);
        return Html.of(
                "<line class=\"{}\" x1=\"{}\" x2=\"{}\" y1=\"{}\" y2=\"{}\"/>",
                kind,
                x,
                x,
                Integer.toString(from),
                Integer.toString(to));
    }

    private Html mark(String kind, Instant moment, String shape) {
        return Html.of(
                "<svg class=\"{}\" x=\"{}\" overflow=\"visible\">{}</svg>", kind, scale.at(moment), new Html(shape));
    }

    private Html text(String kind, Instant moment, int y, String words) {
        double percent = scale.percent(moment);
        String anchor = percent < NEAR_EDGE ? "start" : percent > 100 - NEAR_EDGE ? "end" : "middle";
        return Html.of(
                "<text class=\"{}\" x=\"{}\" y=\"{}\" text-anchor=\"{}\">{}</text>",
                kind,
                scale.at(moment),
                Integer.toString(y),
                anchor,
                words);
    }

    private String describe() {
        RenewalWindow window = life.renewal();
        return "Life of the certificate: issued " + plain(life.notBefore()) + ", "
                + (window.isSuggested()
                        ? "the CA suggests to renew it between " + plain(window.start()) + " and " + plain(window.end())
                                + ", "
                        : "")
                + "to be renewed " + plain(window.due()) + ", expires " + plain(life.notAfter()) + ". Now is "
                + plain(now) + ", " + gone() + " of its life is gone."
                + (nextAttempt == null ? "" : " The next attempt is at " + plain(nextAttempt) + ".");
    }

    private String plain(Instant moment) {
        return when.text(moment);
    }

    private String gone() {
        double share = (double) Duration.between(life.notBefore(), now).toMillis()
                / Math.max(1, life.lifetime().toMillis());
        return Math.round(100 * Math.min(1, Math.max(0, share))) + " %";
    }
}
