package org.wucme.manage;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wucme.testing.LogLines;

/** What a log shows of renewals that succeed. */
class LifeLogTest {

    private final LogLines log = LogLines.of("org.wucme");
    private Scene scene;

    @BeforeEach
    void begin(@TempDir Path folder) throws Exception {
        scene = new Scene(folder);
        scene.register();
    }

    @AfterEach
    void end() throws Exception {
        scene.close();
        log.close();
    }

    @Test
    void theTypeAndNameOfEachChallengeUrlAreLoggedWithoutTheKeyAuthorization() throws Exception {
        scene.manager().issue(scene.wanted("a.example.test", "b.example.test").build());

        for (String name : new String[] {"a.example.test", "b.example.test"}) {
            assertThat(log.all())
                    .anySatisfy(line -> assertThat(line)
                            .contains(
                                    "-01 for " + name,
                                    "challenge is at " + scene.ca.directoryUrl().substring(0, 18)));
        }
        assertThat(log.all()).noneMatch(line -> line.matches(".*[A-Za-z0-9_-]{20,}\\.[A-Za-z0-9_-]{43}.*"));
    }

    @Test
    void whyACertificateIsRenewedIsLogged() throws Exception {
        CertificateManager manager = scene.manager();
        manager.issue(scene.www());
        scene.time.advance(Duration.ofDays(61));
        manager.renewDue();
        manager.reissue(scene.www());

        assertThat(log.all())
                .anyMatch(line -> line.contains("renewing " + Scene.WWW) && line.contains("by its lifetime"))
                .anyMatch(line -> line.contains("obtaining " + Scene.WWW) && line.contains("requested"));
    }

    @Test
    void theSuggestionOfACaIsAReason() throws Exception {
        CertificateManager manager = scene.manager(scene.configured(scene.store));
        manager.issue(scene.www());
        scene.time.advance(Duration.ofDays(1));
        Instant now = scene.time.instant();
        scene.ca.renewalWindow(Scene.leaf(scene.stored(Scene.WWW)), now.minusSeconds(60), now.minusSeconds(30));
        manager.renewDue();

        assertThat(log.all()).anyMatch(line -> line.contains("renewing " + Scene.WWW) && line.contains("ARI"));
    }

    @Test
    void eachPassThatRenewedOrFailedEndsWithASummary() throws Exception {
        CertificateManager manager = scene.manager(scene.configured(scene.store).renewalInfo(false));
        manager.issue(scene.www());
        manager.issue(scene.wanted("good.example.test").build());
        manager.issue(scene.wanted("bad.example.test").build());
        scene.time.advance(Duration.ofDays(61));
        scene.ca.block("bad.example.test");
        manager.start();

        assertThat(log.await(line -> line.contains(" renewed, "))).isEqualTo("3 certificates, 2 renewed, 1 failed");
    }
}
