package org.wucme.manage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wucme.acme.AcmeException;
import org.wucme.acme.pki.CertificateChain;
import org.wucme.store.CertificateSpec;
import org.wucme.store.CertificateStore;
import org.wucme.store.StoreException;
import org.wucme.store.StoredCertificate;
import org.wucme.testing.ca.Defect;
import org.wucme.testing.ca.Endpoint;
import org.wucme.testing.ca.Fault;

/** A CA, a solver or a deployment that says too much: what is stored can be read back, and what was stored before stays. */
@SuppressWarnings("NullAway.Init")
class HostileCaTest {

    private static final String MUCH = "\u0007much\n\u202e\uD83D".repeat(200_000);

    @TempDir
    Path folder;

    private Scene scene;

    @BeforeEach
    void open() throws IOException {
        scene = new Scene(folder);
        scene.register();
        scene.manager().issue(scene.www());
        scene.time.advance(Scene.UNTIL_DUE);
    }

    @AfterEach
    void close() throws Exception {
        scene.close();
    }

    private void everythingCanBeRead(String problem) throws IOException {
        StoredCertificate stored = scene.stored(Scene.WWW);
        assertThat(stored.problem()).isNull();
        assertThat(stored.keyPair()).isNotNull();
        assertThat(scene.record(Scene.WWW).attempts().lastProblem())
                .startsWith(problem)
                .hasSizeLessThan(5000)
                .doesNotContainPattern("\\p{Cntrl}");
    }

    @Test
    void aMegabyteOfAnErrorLeavesTheRecordReadable() throws IOException {
        String body =
                "{\"type\": \"urn:ietf:params:acme:error:malformed\", \"detail\": \"" + "x".repeat(900_000) + "\"}";
        scene.ca.fault(Endpoint.NEW_ORDER, Fault.status(400, "application/problem+json", body), 100);

        assertThat(scene.manager().renewDue()).hasOnlyElementsOfType(Outcome.Failed.class);

        everythingCanBeRead("");
        scene.ca.clearFaults();
        scene.manager().retryNow();
        assertThat(scene.manager().renewDue()).hasOnlyElementsOfType(Outcome.Obtained.class);
    }

    @Test
    void soDoesAMegabyteFromASolver() throws IOException {
        scene.solver.before(() -> {
            throw new IOException("hook: " + MUCH);
        });

        assertThat(scene.manager().renewDue()).hasOnlyElementsOfType(Outcome.Failed.class);

        everythingCanBeRead("hook:");
    }

    @Test
    void soDoesAMegabyteFromAnException() throws IOException {
        scene.solver.before(() -> {
            throw new IllegalStateException(MUCH);
        });

        assertThat(scene.manager().renewDue()).hasOnlyElementsOfType(Outcome.Failed.class);

        everythingCanBeRead("unexpected error:");
    }

    @Test
    void soDoesAMegabyteFromADeployment() throws IOException {
        scene.manager(scene.configured(scene.store).deployment("reload", certificate -> {
                    throw new IOException(MUCH);
                }))
                .deployNow(Scene.WWW);

        assertThat(scene.stored(Scene.WWW).problem()).isNull();
        assertThat(Objects.requireNonNull(scene.record(Scene.WWW).deployments().failure())
                        .problem())
                .startsWith("reload:")
                .hasSizeLessThan(5000)
                .doesNotContainPattern("\\p{Cntrl}");
    }

    @Test
    void aChainThatCouldNotBeReadBackReplacesNothingAndItsOrderIsKept() throws IOException {
        X509Certificate old = Scene.leaf(scene.stored(Scene.WWW));
        CertificateStore store = TestStores.before("save", scene.store, arguments -> {
            CertificateChain chain = (CertificateChain) arguments[2];
            List<X509Certificate> many = new ArrayList<>(chain.certificates());
            many.addAll(Collections.nCopies(3000, chain.topmost()));
            arguments[2] = new CertificateChain(many);
        });

        List<Outcome> outcomes =
                scene.manager(scene.configured(store).renewalInfo(false)).renewDue();

        assertThat(outcomes)
                .singleElement()
                .isInstanceOfSatisfying(
                        Outcome.Failed.class,
                        failed -> assertThat(failed.cause()).hasMessageContaining("read back"));
        assertThat(Scene.leaf(scene.stored(Scene.WWW))).isEqualTo(old);
        assertThat(scene.stored(Scene.WWW).problem()).isNull();
        assertThat(scene.record(Scene.WWW).attempts().pendingOrder()).isNotNull();
        assertThat(scene.files()).noneMatch(file -> file.endsWith("_TMP"));
        scene.manager().retryNow();
        assertThat(scene.manager().renewDue()).hasOnlyElementsOfType(Outcome.Obtained.class);
        assertThat(scene.ca.count(Endpoint.NEW_ORDER)).isEqualTo(2);
    }

    @Test
    void whatAStoreDoesNotGiveBackIsNoSuccess() {
        CertificateSpec wanted = scene.wanted("other.example.test").build();
        AtomicBoolean isSaved = new AtomicBoolean();
        CertificateStore unreadable = TestStores.before(
                "load",
                TestStores.before("save", scene.store, arguments -> isSaved.set(true)),
                arguments -> arguments[0] = isSaved.get() ? Scene.WWW : arguments[0]);

        assertThatThrownBy(() -> scene.manager(unreadable).issue(wanted))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("cannot be read back");
    }

    @Test
    void aCertificateThatIsNeverValidIsRefused() throws IOException {
        X509Certificate old = Scene.leaf(scene.stored(Scene.WWW));
        scene.ca.defect(Defect.NEVER_VALID);

        assertThatThrownBy(() -> scene.manager().reissue(scene.www()))
                .isInstanceOf(AcmeException.class)
                .hasMessageContaining("before it is valid");

        assertThat(Scene.leaf(scene.stored(Scene.WWW))).isEqualTo(old);
    }
}
