package org.wucme.manage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wucme.acme.Account;
import org.wucme.acme.AcmeException;
import org.wucme.acme.AcmeProblemException;
import org.wucme.acme.Ca;
import org.wucme.acme.RevocationReason;
import org.wucme.acme.pki.KeyType;
import org.wucme.store.StoredAccount;
import org.wucme.store.StoredCertificate;
import org.wucme.testing.ca.Endpoint;
import org.wucme.testing.ca.Fault;

class RevokeTest {

    @TempDir
    Path folder;

    private Scene scene;
    private Ca ca;
    private Account account;
    private X509Certificate certificate;
    private KeyPair key;

    @BeforeEach
    void open() throws IOException {
        scene = new Scene(folder);
        ca = Ca.of(scene.ca.directoryUrl());
        account = scene.register();
        scene.manager().issue(scene.www());
        StoredCertificate stored = scene.stored(Scene.WWW);
        certificate = Scene.leaf(stored);
        key = Scene.key(stored);
    }

    @AfterEach
    void close() throws Exception {
        scene.close();
    }

    @Test
    void theAccountRevokesWithoutTheKey() throws IOException {
        assertThat(scene.manager().revoke(certificate, null, ca, RevocationReason.SUPERSEDED))
                .isTrue();

        assertThat(scene.ca.isRevoked(certificate)).isTrue();
        assertThat(Scene.leaf(scene.stored(Scene.WWW))).isEqualTo(certificate);
    }

    @Test
    void whatWasRevokedAlreadyIsSaidToBe() throws IOException {
        scene.manager().revoke(certificate, key, ca, RevocationReason.UNSPECIFIED);

        assertThat(scene.manager().revoke(certificate, key, ca, RevocationReason.UNSPECIFIED))
                .isFalse();
        forgetAccount();
        assertThat(scene.manager().revoke(certificate, key, ca, RevocationReason.UNSPECIFIED))
                .isFalse();
    }

    @Test
    void withoutAnAccountTheKeyRevokes() throws IOException {
        forgetAccount();

        assertThat(scene.manager().revoke(certificate, key, ca, RevocationReason.KEY_COMPROMISE))
                .isTrue();

        assertThat(scene.ca.isRevoked(certificate)).isTrue();
        assertThat(scene.ca.count(Endpoint.NEW_ACCOUNT)).isOne();
    }

    @Test
    void withoutAccountAndKeyTheErrorSaysSo() throws IOException {
        forgetAccount();

        assertThatThrownBy(() -> scene.manager().revoke(certificate, null, ca, RevocationReason.UNSPECIFIED))
                .isInstanceOf(AcmeException.class)
                .hasMessageContaining("no account")
                .hasMessageContaining(ca.directoryUrl());
        assertThat(scene.ca.isRevoked(certificate)).isFalse();
    }

    @Test
    void anAccountThatMayNotIsHelpedByTheKey() throws IOException {
        scene.ca.fault(Endpoint.REVOKE, Fault.problem(403, "unauthorized", "not yours"));

        assertThat(scene.manager().revoke(certificate, key, ca, RevocationReason.UNSPECIFIED))
                .isTrue();

        assertThat(scene.ca.isRevoked(certificate)).isTrue();
    }

    @Test
    void anAccountThatTheCaDoesNotKnowIsHelpedByTheKey() throws IOException {
        forgetAccount();
        scene.store.saveAccount(new StoredAccount(ca.directoryUrl(), null, List.of(), KeyType.EC_P256.generate()));

        assertThat(scene.manager().revoke(certificate, key, ca, RevocationReason.UNSPECIFIED))
                .isTrue();
    }

    @Test
    void anAccountThatTheCaHasForgottenIsHelpedByTheKey() throws IOException {
        forgetAccount();
        scene.store.saveAccount(
                new StoredAccount(ca.directoryUrl(), account.url() + "-gone", List.of(), KeyType.EC_P256.generate()));

        assertThat(scene.manager().revoke(certificate, key, ca, RevocationReason.UNSPECIFIED))
                .isTrue();
    }

    @Test
    void aDeactivatedAccountIsHelpedByTheKey() throws IOException {
        account.deactivate();

        assertThat(scene.manager().revoke(certificate, key, ca, RevocationReason.UNSPECIFIED))
                .isTrue();
    }

    @Test
    void whatTheCaRefusesIsAnErrorInItsWords() {
        scene.ca.fault(Endpoint.REVOKE, Fault.problem(400, "badRevocationReason", "not that one"));

        assertThatThrownBy(() -> scene.manager().revoke(certificate, key, ca, RevocationReason.CA_COMPROMISE))
                .isInstanceOf(AcmeProblemException.class)
                .hasMessageContaining("not that one");
        assertThat(scene.ca.isRevoked(certificate)).isFalse();
    }

    private void forgetAccount() throws IOException {
        Files.delete(folder.resolve("WUCME_K_ACCOUNT.PEM"));
        Files.delete(folder.resolve("WUCME_R_ACCOUNT.JSON"));
    }
}
