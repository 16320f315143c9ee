package org.wucme.bench;

import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.security.Security;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import javax.net.ssl.SSLContext;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.jspecify.annotations.Nullable;
import org.shredzone.acme4j.AccountBuilder;
import org.shredzone.acme4j.Authorization;
import org.shredzone.acme4j.Login;
import org.shredzone.acme4j.Order;
import org.shredzone.acme4j.Session;
import org.shredzone.acme4j.Status;
import org.shredzone.acme4j.challenge.Http01Challenge;
import org.shredzone.acme4j.exception.AcmeException;
import org.shredzone.acme4j.util.KeyPairUtils;

/**
 * acme4j as its manual says, at its best: the account URL is kept; all challenges are triggered before anything is waited
 * for, and then the order is, not each authorization; and each thread has a session of its own, since one session sends one
 * request at a time. Its waits of three seconds cannot be changed.
 */
final class Acme4j implements Contender {

    private static final Duration TIMEOUT = Duration.ofMinutes(5);

    private final Setting setting;
    private @Nullable URL accountUrl;
    private ThreadLocal<Login> logins = ThreadLocal.withInitial(this::login);

    Acme4j(Setting setting) {
        this.setting = setting;
        Security.addProvider(new BouncyCastleProvider());
        SSLContext.setDefault(setting.trust().sslContext());
    }

    @Override
    public void open() {
        logins = ThreadLocal.withInitial(this::login);
    }

    @Override
    public void forget() {
        accountUrl = null;
    }

    @Override
    public void register() throws AcmeException {
        Login login = new AccountBuilder()
                .agreeToTermsOfService()
                .useKeyPair(setting.accountKey())
                .createLogin(session());
        accountUrl = login.getAccountLocation();
        logins.set(login);
    }

    @Override
    public void obtain(List<String> names) throws AcmeException, IOException, InterruptedException {
        Order order = logins.get().newOrder().domains(names).create();
        for (Authorization authorization : order.getAuthorizations()) {
            if (authorization.getStatus() != Status.VALID) {
                authorization.findChallenge(Http01Challenge.class).orElseThrow().trigger();
            }
        }
        require(Status.READY, order.waitUntilReady(TIMEOUT));
        order.execute(KeyPairUtils.createECKeyPair("secp256r1"));
        require(Status.VALID, order.waitForCompletion(TIMEOUT));
        order.getCertificate().download();
    }

    @Override
    public void inFlight(int requests) {
        throw new UnsupportedOperationException("acme4j sends one request at a time");
    }

    @Override
    public void close() {
        logins.remove();
    }

    private Session session() {
        return new Session(URI.create(setting.directoryUrl()));
    }

    private Login login() {
        return session().login(Objects.requireNonNull(accountUrl), setting.accountKey());
    }

    private static void require(Status wanted, Status seen) throws IOException {
        if (seen != wanted) {
            throw new IOException("the order is " + seen + ", not " + wanted);
        }
    }
}
