package org.wucme.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's nginx in front of a command that answers: as {@code check http01} tries it. */
class NginxRecipesTest {

    @TempDir
    Path folder;

    private final int front = User.freePort();
    private final int behind = User.freePort();
    private User user;

    @BeforeEach
    void begin() {
        assumeTrue(Nginx.find().isPresent() || Nginx.isRequired(), "no nginx on the path");
        user = User.in(folder).with("WUCME_HTTP_PORT", String.valueOf(behind)).with("WUCME_HTTP_BIND", "127.0.0.1");
    }

    private Nginx nginx(NginxRecipe recipe) throws Exception {
        return Nginx.start(folder.resolve("nginx"), recipe.server(front, behind));
    }

    private void requireReachable(User user) {
        User.Run run = user.wucme("check", "http01", "127.0.0.1:" + front);

        assertThat(run.exit()).as(run.toString()).isZero();
        assertThat(run.out()).contains("reachable, the token came back");
    }

    @Test
    void itForwards() throws Exception {
        try (Nginx running = nginx(NginxRecipe.FORWARDING)) {
            requireReachable(user);
        }
    }

    @Test
    void itRedirectsToAPathOfWucmes() throws Exception {
        try (Nginx running = nginx(NginxRecipe.REDIRECTING)) {
            requireReachable(user.with("WUCME_HTTP_PATH_PREFIX", "/cgi-bin/wucme"));
        }
    }
}
