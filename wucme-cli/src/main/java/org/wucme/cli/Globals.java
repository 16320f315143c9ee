package org.wucme.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.logging.Level;
import javax.net.ssl.X509TrustManager;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wucme.acme.AcmeClient;
import org.wucme.acme.Ca;
import org.wucme.acme.IssuanceEvent;
import org.wucme.acme.internal.jca.Tls;
import org.wucme.cli.report.ManagerState;
import org.wucme.cli.report.Report;
import org.wucme.manage.CertificateManager;
import org.wucme.store.CertificateStore;
import org.wucme.store.file.FileStore;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The options that every command has, and what they stand for: the store, the CA, and the way there. */
final class Globals implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Globals.class);

    @Option(
            names = "--here",
            scope = ScopeType.INHERIT,
            paramLabel = "DIR",
            description = "The folder of the certificates (default: .wucme in the home folder).")
    @Nullable
    Path here;

    @Option(
            names = "--ca",
            scope = ScopeType.INHERIT,
            paramLabel = "URL|NAME",
            completionCandidates = CaNames.class,
            description = {
                "The CA: the URL of its directory, or one of: ${COMPLETION-CANDIDATES}.",
                "Default: the CA that was registered at first, else letsencrypt."
            })
    @Nullable
    String ca;

    @Option(
            names = "--ca-bundle",
            scope = ScopeType.INHERIT,
            paramLabel = "FILE",
            description = "Root certificates (PEM) to trust for the CA's own server, if it has a private root.")
    @Nullable
    Path caBundle;

    @Option(
            names = "--proxy",
            scope = ScopeType.INHERIT,
            paramLabel = "URL",
            description = {
                "HTTP proxy: http://[USER:PASSWORD@]HOST:PORT, but for this machine and the hosts in no_proxy.",
                "Default: https_proxy for https, http_proxy for http."
            })
    @Nullable
    String proxy;

    @Option(
            names = {"-v", "--verbose"},
            scope = ScopeType.INHERIT,
            description = "Shows each request, and where errors come from.")
    boolean verbose;

    @Option(
            names = {"-h", "--help"},
            scope = ScopeType.INHERIT,
            usageHelp = true,
            description = "Shows this help.")
    boolean help;

    private final Set<String> unreadableRoots = ConcurrentHashMap.newKeySet();
    private Configuration configuration = Configuration.of(Map.of());
    private PrintWriter out = new PrintWriter(PrintWriter.nullWriter());
    private @Nullable OkHttpClient http;
    private @Nullable LogLine log;

    /**
     * The folder of the certificates.
     *
     * @throws IllegalArgumentException if none was named, and the user has no home folder
     */
    Path here() {
        Path named = here;
        return named == null ? configuration.home().requireStore() : named;
    }

    /** Takes up what is configured; nothing is opened before it is needed. */
    Globals start(Configuration configured, PrintWriter output, PrintWriter err) {
        configure(configured);
        this.out = output;
        logTo(isTerminal() && !verbose ? err : output);
        return this;
    }

    /** Takes up other variables. */
    void configure(Configuration configured) {
        this.configuration = configured;
    }

    /** What is configured by variables. */
    Configuration configuration() {
        return configuration;
    }

    /** Where the log goes from now on. */
    void logTo(PrintWriter writer) {
        log(writer::println, isTerminal() ? Level.WARNING : Level.INFO);
    }

    /** Where the log goes from now on, whether or not a person looks on. */
    void logTo(Consumer<String> lines) {
        log(lines, Level.INFO);
    }

    private void log(Consumer<String> lines, Level usual) {
        closeLog();
        log = LogLine.install(lines, verbose ? Level.FINE : usual);
    }

    /** Whether a person looks on: then steps are shown as they happen, and the log is for {@code --verbose}. */
    boolean isTerminal() {
        return Boolean.getBoolean("wucme.terminal");
    }

    /** What shows the steps of an issuance. */
    Consumer<IssuanceEvent> progress() {
        return isTerminal() && !verbose ? new Progress(out) : event -> {};
    }

    /** The store; its folder is made if need be. */
    FileStore createStore() throws IOException {
        FolderOwner.require(here());
        return FileStore.open(here());
    }

    /** The store as it is, to change nothing; empty if it is not there. */
    FileStore lookAtStore() throws IOException {
        FolderOwner.require(here());
        return FileStore.lookAt(here());
    }

    /** The store, which must be there. */
    FileStore openStore() throws IOException {
        if (!Files.isDirectory(here())) {
            throw new IOException(here().toAbsolutePath()
                    + " is not a folder. \"wucme register\" makes it; --here or WUCME_HERE names another one");
        }
        return createStore();
    }

    /** The report on the store, which must be there. */
    Report report() throws IOException {
        try (CertificateManager manager =
                CertificateManager.builder(openStore()).build()) {
            return Report.of(manager.status(), ManagerState.none());
        }
    }

    /** The CA that was asked for, else the store's default, if there is a store already. */
    Ca ca(@Nullable CertificateStore store) throws IOException {
        String asked = ca;
        if (asked != null) {
            return Ca.of(asked);
        }
        return store == null
                ? Ca.LETS_ENCRYPT
                : store.defaultDirectoryUrl().map(Ca::of).orElse(Ca.LETS_ENCRYPT);
    }

    /** The variables that were set. */
    Map<String, String> environment() {
        return configuration.variables();
    }

    /** A client for anything but a CA, with the proxy that was given. */
    OkHttpClient http() {
        OkHttpClient present = http;
        if (present == null) {
            present = newClient();
            http = present;
        }
        return present;
    }

    private OkHttpClient newClient() {
        X509TrustManager trust = Tls.trust(List.of());
        OkHttpClient.Builder builder =
                new OkHttpClient.Builder().sslSocketFactory(Tls.client(trust).getSocketFactory(), trust);
        return proxies()
                .map(proxies -> proxies.applyTo(builder))
                .orElse(builder)
                .build();
    }

    /** A client for a CA, with the proxy and the roots that were given. */
    AcmeClient connect(Ca where) {
        return configure(where).build();
    }

    private AcmeClient.Builder configure(Ca where) {
        AcmeClient.Builder builder = AcmeClient.builder(where);
        Path bundle = caBundle;
        if (bundle != null) {
            builder.trustedRoots(roots(bundle));
        }
        proxies().ifPresent(proxies -> builder.httpClient(http()));
        return builder;
    }

    private Optional<Proxies> proxies() {
        return Proxies.of(proxy, environment());
    }

    private List<X509Certificate> roots(Path bundle) {
        try {
            return PemFile.readable(bundle, this::warnOfRoot);
        } catch (IOException e) {
            throw new IllegalArgumentException("the root certificates cannot be read: " + Errors.describe(e), e);
        }
    }

    // Once, though an agent reads the file again for each client.
    private void warnOfRoot(String unreadable) {
        if (unreadableRoots.add(unreadable)) {
            LOG.warn("{}; this root certificate is not trusted, the others of the file are", unreadable);
        }
    }

    @Override
    public void close() {
        OkHttpClient present = http;
        if (present != null) {
            present.connectionPool().evictAll();
        }
        closeLog();
    }

    private void closeLog() {
        LogLine present = log;
        if (present != null) {
            present.close();
        }
    }
}
