package org.wucme.manage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wucme.store.CertificateSpec;

/** How often a store is asked for one certificate: with ten thousand in it, each reading of all of them takes seconds. */
@SuppressWarnings("NullAway.Init")
class StoreCallsTest {

    private static final Set<String> OF_ALL = Set.of("list", "versions", "page", "changedSince");

    @TempDir
    Path folder;

    private final List<String> calls = new CopyOnWriteArrayList<>();
    private Scene scene;

    @BeforeEach
    void open() throws IOException {
        scene = new Scene(folder);
        scene.register();
    }

    @AfterEach
    void close() throws Exception {
        scene.close();
    }

    private CertificateManager counting() {
        return scene.manager(TestStores.counting(scene.store, calls));
    }

    @Test
    void aNewNameIsIssuedWithFewCallsAndNoList() throws IOException {
        assertThat(counting().issue(scene.www())).isInstanceOf(Outcome.Obtained.class);

        assertThat(calls).doesNotContainAnyElementsOf(OF_ALL).hasSizeLessThanOrEqualTo(12);
    }

    @Test
    void aCurrentCertificateIsFoundWithFewCallsAndNoList() throws IOException {
        scene.manager().issue(scene.www());

        assertThat(counting().issue(scene.www())).isInstanceOf(Outcome.Current.class);

        assertThat(calls).doesNotContainAnyElementsOf(OF_ALL).hasSizeLessThanOrEqualTo(3);
    }

    @Test
    void aCertificateWithoutRecordIsFoundUnderAnyNameAndIsNoReasonToReadOthers() throws IOException {
        scene.manager().issue(scene.wanted("other.test").build());
        Path unreadable = folder.resolve("WUCME_C_OTHER_TEST.PEM");
        CertificateSpec wanted = scene.www();
        scene.manager().issue(wanted);
        Files.move(folder.resolve("WUCME_C_WWW_EXAMPLE_TEST.PEM"), folder.resolve("WUCME_C_COPIED.PEM"));
        Files.delete(folder.resolve("WUCME_K_WWW_EXAMPLE_TEST.PEM"));
        scene.forgetRecord(Scene.WWW);
        Files.writeString(unreadable, "frob");

        assertThat(scene.manager().issue(wanted).certificate().name()).isEqualTo("COPIED");
    }

    @Test
    void theSameNamesInAnotherOrderAreTheSameCertificate() throws IOException {
        scene.manager().issue(scene.wanted("a.test", "b.test").build());

        assertThat(scene.manager()
                        .issue(scene.wanted("b.test", "a.test").build())
                        .certificate()
                        .name())
                .isEqualTo("A_TEST");
    }
}
