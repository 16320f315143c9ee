package org.wucme.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What this module's README has an administrator write into the {@code server} of nginx for port 80. */
enum NginxRecipe {
    FORWARDING(0),
    REDIRECTING(1);

    private static final Pattern BLOCK = Pattern.compile("(?s)\n```nginx\n(.*?)\n```\n");
    private static final String AGENT = "127.0.0.1:8080";

    private final int place;

    NginxRecipe(int place) {
        this.place = place;
    }

    /** As it stands there, but for the ports. */
    String server(int front, int agent) throws IOException {
        List<String> blocks = BLOCK.matcher(Files.readString(Path.of("README.md")))
                .results()
                .map(block -> block.group(1))
                .toList();
        String recipe = blocks.get(place);
        if (!recipe.contains(AGENT)) {
            throw new AssertionError("the recipe leads to another agent: " + recipe);
        }
        return "listen 127.0.0.1:" + front + ";\n"
                + recipe.replaceAll(Pattern.quote(AGENT), Matcher.quoteReplacement("127.0.0.1:" + agent));
    }
}
