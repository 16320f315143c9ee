package org.wucme.bench;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import okhttp3.ConnectionPool;
import okhttp3.OkHttpClient;
import okhttp3.tls.HandshakeCertificates;
import org.jspecify.annotations.Nullable;
import org.wucme.acme.Account;
import org.wucme.acme.AcmeClient;
import org.wucme.acme.Ca;
import org.wucme.acme.CertificateRequest;
import org.wucme.acme.Directory;
import org.wucme.acme.Identifier;
import org.wucme.acme.Registration;
import org.wucme.acme.challenge.AccountIdentity;
import org.wucme.acme.challenge.Challenge;
import org.wucme.acme.challenge.ChallengeSolver;
import org.wucme.acme.challenge.Http01;
import org.wucme.acme.challenge.Presented;

/** This library: one client for all threads; account URL, directory and what to trust are kept. */
final class Ours implements Contender {

    private static final int DEFAULT_IN_FLIGHT = 16;

    private final Setting setting;
    private final OkHttpClient trusting;
    private ConnectionPool connections = new ConnectionPool();
    private int inFlight = DEFAULT_IN_FLIGHT;
    private @Nullable String accountUrl;
    private @Nullable Directory directory;
    private @Nullable AcmeClient client;
    private @Nullable Account account;

    Ours(Setting setting) {
        this.setting = setting;
        HandshakeCertificates trust = setting.trust();
        this.trusting = new OkHttpClient.Builder()
                .sslSocketFactory(trust.sslSocketFactory(), trust.trustManager())
                .build();
    }

    @Override
    public void open() {
        connections = new ConnectionPool();
        AcmeClient.Builder builder = AcmeClient.builder(new Ca("pebble", setting.directoryUrl()))
                .httpClient(trusting.newBuilder().connectionPool(connections).build())
                .maxInFlight(inFlight);
        if (directory != null) {
            builder.directory(directory, Instant.now());
        }
        AcmeClient opened = builder.build();
        client = opened;
        if (accountUrl != null) {
            account = opened.account(accountUrl, setting.accountKey());
        }
    }

    @Override
    public void forget() {
        accountUrl = null;
        directory = null;
    }

    @Override
    public void register() throws IOException {
        AcmeClient opened = Objects.requireNonNull(client);
        Account registered =
                opened.register(Registration.with(setting.accountKey()).agreeToTerms());
        account = registered;
        accountUrl = registered.url();
        directory = opened.fetchDirectory();
    }

    @Override
    public void obtain(List<String> names) throws IOException {
        Objects.requireNonNull(account)
                .obtain(CertificateRequest.of(names.toArray(String[]::new)), new AnsweredElsewhere());
    }

    @Override
    public void inFlight(int requests) {
        inFlight = requests;
    }

    @Override
    public void close() {
        if (client != null) {
            client.close();
        }
        connections.evictAll();
    }

    /** The answers are given by {@link StatelessHttp01}. */
    private static final class AnsweredElsewhere implements ChallengeSolver {

        @Override
        public boolean canSolve(Challenge challenge, Identifier identifier) {
            return challenge instanceof Http01;
        }

        @Override
        public Presented present(Challenge challenge, Identifier identifier, AccountIdentity account) {
            return () -> {};
        }
    }
}
