package org.wucme.cli.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.OkHttpClient;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.wucme.acme.Ca;
import org.wucme.acme.Identifier;
import org.wucme.acme.internal.files.ProcessUser;
import org.wucme.acme.pki.CertificateChain;
import org.wucme.acme.pki.Pem;
import org.wucme.cli.TestWrites;
import org.wucme.manage.CertificateManager;
import org.wucme.manage.Deployment;
import org.wucme.store.CertificateSpec;
import org.wucme.store.Deployments;
import org.wucme.store.RenewalRecord;
import org.wucme.store.StoredCertificate;
import org.wucme.store.file.FileStore;

/** Real programs, servers, processes and files; each action fails at first and is carried out when it is tried again. */
@Timeout(120)
@SuppressWarnings("NullAway.Init")
class ActionsTest {

    private static final String NAME = "WWW_EXAMPLE_ORG";
    private static final HeldCertificate HELD = new HeldCertificate.Builder()
            .addSubjectAlternativeName("www.example.org")
            .addSubjectAlternativeName("example.org")
            .serialNumber(0xcafeL)
            .build();

    private Path folder;
    private FileStore store;
    private StoredCertificate certificate;

    @BeforeEach
    void begin(@TempDir Path temporary) throws IOException {
        folder = temporary;
        store = FileStore.open(temporary.resolve("here"));
        save(List.of());
    }

    private void save(List<String> owed) throws IOException {
        RenewalRecord record = RenewalRecord.of(CertificateSpec.builder("www.example.org", "example.org")
                        .ca(Ca.of("https://ca.example/directory"))
                        .build())
                .withDeployments(Deployments.NONE.forReplacement(owed));
        TestWrites.save(store, NAME, new CertificateChain(List.of(HELD.certificate())), HELD.keyPair(), record);
        certificate = store.load(NAME).orElseThrow();
    }

    private static Map<String, Deployment> parse(String... values) {
        return LoadActions.parse(List.of(values), stored -> {}, OkHttpClient::new, LoadEvent.LOAD);
    }

    private static Deployment action(String text) {
        return parse(text).values().iterator().next();
    }

    private String script(String name, String text) throws IOException {
        Path script = Files.writeString(folder.resolve(name), "#!/bin/sh\n" + text + "\n");
        assertThat(script.toFile().setExecutable(true)).isTrue();
        return script.toString();
    }

    @Test
    void aProgramLearnsByItsEnvironmentWhatItIsAboutAndWhatItPrintsIsLogged() throws Exception {
        String script = script(
                "hook",
                "printf '%s|' \"$#\" \"$1\" \"$2\" \"$WUCME_EVENT\" \"$WUCME_CERTIFICATE\" \"$WUCME_NAMES\" \"$WUCME_SERIAL\""
                        + " \"$WUCME_NOT_AFTER\" \"$WUCME_CERTIFICATE_FILE\" \"$WUCME_KEY_FILE\" \"$WUCME_FILES\" >"
                        + folder.resolve("seen")
                        + "\nprintf 'all is \\033[1mwell\\n'");

        List<String> log;
        try (Logged logged = Logged.of(ProgramAction.class)) {
            action("@" + script + " 'a b' $(touch\t" + folder.resolve("touched") + ")")
                    .deploy(certificate);
            log = logged.lines();
        }

        Path here = store.path();
        Path key = here.resolve("WUCME_K_WWW_EXAMPLE_ORG.PEM");
        String file = here.resolve("WUCME_C_WWW_EXAMPLE_ORG.PEM").toString();
        assertThat(folder.resolve("seen"))
                .hasContent(String.join(
                                "|",
                                "3",
                                "a b",
                                "$(touch",
                                "load",
                                NAME,
                                "www.example.org example.org",
                                "cafe",
                                HELD.certificate().getNotAfter().toInstant().toString(),
                                file,
                                key.toString(),
                                file + "\n" + key)
                        + "|");
        assertThat(folder.resolve("touched")).doesNotExist();
        assertThat(log).containsExactly(script + ": all is [1mwell");
    }

    @ParameterizedTest
    @ValueSource(strings = {"www.example.org", "*.example.org", "2001:db8::1", "192.0.2.1"})
    void theNameOfTheCertificateStandsInArgumentsAndPidFilesToo(String identifier) throws Exception {
        String name = store.nameOf(Identifier.of(identifier));
        StoredCertificate named = new StoredCertificate(
                name, certificate.location(), certificate.chain(), certificate.keyPair(), certificate.renewal(), null);
        String script = script("hook", "printf '%s|' \"$@\" >" + folder.resolve("seen"));

        action(script + " {name} '--to=/etc/{name}/a b' \"{name}{name}\" {names} $HOME")
                .deploy(named);

        assertThat(folder.resolve("seen"))
                .hasContent(name + "|--to=/etc/" + name + "/a b|" + name + name + "|{names}|$HOME|");
        assertThatThrownBy(() -> action("HUP:" + folder + "/{name}.pid").deploy(named))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith(folder.resolve(name + ".pid") + ": ");
    }

    @Test
    void hostileNamesReachAProgramInOneLineAndNoShell() throws Exception {
        Path touched = folder.resolve("touched");
        String name = "a\n$(touch " + touched + ");`touch " + touched + "`\u0000\u001b[31m|'\"";
        RenewalRecord record = RenewalRecord.of(
                CertificateSpec.builder(List.of(new Identifier("dns", name))).build());
        StoredCertificate hostile = new StoredCertificate(
                "A\n" + name, certificate.location(), certificate.chain(), certificate.keyPair(), record, null);
        String script = script("hook", "env >" + folder.resolve("seen"));

        action(script).deploy(hostile);

        assertThat(touched).doesNotExist();
        assertThat(Files.readAllLines(folder.resolve("seen")))
                .contains("WUCME_NAMES=" + name.replaceAll("[\n\u0000\u001b]+", " "))
                .noneMatch(line -> line.startsWith("$(touch"));
        for (String text : List.of("pem:" + folder + "/{name}", script + " {name}", "HUP:" + folder + "/{name}")) {
            assertThatThrownBy(() -> action(text).deploy(hostile))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("cannot be part of a path");
        }
    }

    @Test
    void aProgramThatFailsTellsItsLastLine() throws Exception {
        Path ready = folder.resolve("ready");
        Deployment action = action(script("hook", "echo connecting; echo no route to host; test -e " + ready));

        assertThatThrownBy(() -> action.deploy(certificate))
                .isInstanceOf(IOException.class)
                .hasMessageEndingWith("hook ended with exit code 1: no route to host");
        Files.createFile(ready);
        action.deploy(certificate);
    }

    @Test
    void aProgramThatIsNotThereIsNamed() {
        assertThatThrownBy(() -> action("/no/such/program").deploy(certificate))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("/no/such/program");
    }

    @Test
    void aServerIsToldTheFactsButNotTheKey() throws Exception {
        try (MockWebServer web = new MockWebServer()) {
            web.start(InetAddress.getLoopbackAddress(), 0);
            web.enqueue(new MockResponse.Builder().code(503).body("later\n").build());
            web.enqueue(new MockResponse.Builder()
                    .code(302)
                    .addHeader("Location", "/elsewhere")
                    .build());
            web.enqueue(new MockResponse.Builder().code(204).build());
            Deployment action =
                    action("http://me:pass@" + web.getHostName() + ":" + web.getPort() + "/secret?token=secret");

            assertThatThrownBy(() -> action.deploy(certificate))
                    .isInstanceOf(IOException.class)
                    .hasMessage(web.getHostName() + ":" + web.getPort() + ": HTTP 503 later");
            assertThatThrownBy(() -> action.deploy(certificate)).hasMessageEndingWith("HTTP 302");
            action.deploy(certificate);

            RecordedRequest request = Objects.requireNonNull(web.takeRequest(30, TimeUnit.SECONDS));
            assertThat(request.getHeaders().get("Authorization")).startsWith("Basic ");
            String body = Objects.requireNonNull(request.getBody()).utf8();
            assertThat(body).doesNotContain("PRIVATE", "BEGIN");
            JsonNode json = new ObjectMapper().readTree(body);
            assertThat(json.get("event").textValue()).isEqualTo("load");
            assertThat(json.get("certificate").textValue()).isEqualTo(NAME);
            assertThat(json.get("names"))
                    .extracting(JsonNode::textValue)
                    .containsExactly("www.example.org", "example.org");
            assertThat(json.get("files"))
                    .extracting(JsonNode::textValue)
                    .containsExactly(
                            certificate.location(),
                            store.path().resolve("WUCME_K_WWW_EXAMPLE_ORG.PEM").toString());
            assertThat(new BigInteger(json.get("serial").textValue(), 16)).isEqualTo(0xcafe);
            assertThat(Instant.parse(json.get("notAfter").textValue()))
                    .isEqualTo(HELD.certificate().getNotAfter().toInstant());
        }
    }

    @Test
    void aProcessGetsTheSignal() throws Exception {
        Path pidFile = folder.resolve("server.pid");
        Deployment action = action("HUP:" + pidFile);
        assertThatThrownBy(() -> action.deploy(certificate))
                .isInstanceOf(IOException.class)
                .hasMessage(pidFile + ": there is no such file or folder");

        Process server = new ProcessBuilder(
                        "/bin/sh", "-c", "trap 'echo reloaded; exit 0' HUP; echo ready; while :; do sleep 0.05; done")
                .start();
        try (BufferedReader output = server.inputReader()) {
            assertThat(output.readLine()).isEqualTo("ready");
            Files.writeString(pidFile, server.pid() + "\nmore\n");

            action.deploy(certificate);

            assertThat(output.readLine()).isEqualTo("reloaded");
            assertThat(server.waitFor()).isZero();
            assertThatThrownBy(() -> action.deploy(certificate))
                    .isInstanceOf(IOException.class)
                    .hasMessageContainingAll(pidFile.toString(), "could not be sent HUP", "No such process");
        } finally {
            server.destroyForcibly();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "-1", "-0", "1 2", "$(id)", "12345678901", "x1", "\n1"})
    void aPidFileHoldsANumberOrNothingIsSignalled(String content) throws Exception {
        Path pidFile = Files.writeString(folder.resolve("server.pid"), content);

        assertThatThrownBy(() -> action("SIGHUP:" + pidFile).deploy(certificate))
                .isInstanceOf(IOException.class)
                .hasMessage(pidFile + " does not begin with the number of a process");
    }

    @Test
    void aProcessThatIsYoungerThanThePidFileGetsNoSignal() throws Exception {
        Process server = new ProcessBuilder("sleep", "600").start();
        try {
            Path pidFile = Files.writeString(folder.resolve("server.pid"), server.pid() + "\n");
            Instant started = server.info().startInstant().orElseThrow();
            Files.setLastModifiedTime(pidFile, FileTime.from(started.minus(Duration.ofMinutes(1))));

            assertThatThrownBy(() -> action("TERM:" + pidFile).deploy(certificate))
                    .isInstanceOf(IOException.class)
                    .hasMessageContainingAll(pidFile.toString(), String.valueOf(server.pid()), "no signal", "restart");
            assertThat(server.isAlive()).isTrue();

            Files.setLastModifiedTime(pidFile, FileTime.from(started));
            action("TERM:" + pidFile).deploy(certificate);
            assertThat(server.waitFor(30, TimeUnit.SECONDS)).isTrue();
        } finally {
            server.destroyForcibly();
        }
    }

    @Test
    void wucmeItselfGetsNoSignal() throws Exception {
        Path pidFile = Files.writeString(
                folder.resolve("server.pid"), ProcessHandle.current().pid() + "\n");

        assertThatThrownBy(() -> action("TERM:" + pidFile).deploy(certificate))
                .isInstanceOf(IOException.class)
                .hasMessageContainingAll(pidFile.toString(), "wucme itself");
    }

    @ParameterizedTest
    @CsvSource({
        "/usr/lib/systemd/systemd, true",
        "/sbin/init, true",
        "/sbin/openrc-init, true",
        "/usr/bin/tini, true",
        "/usr/sbin/nginx, false",
        "/usr/bin/initdb, false"
    })
    void aServerMayBeProcessOneButNotInit(String command, boolean isInit) {
        assertThat(SignalAction.isInit(command)).isEqualTo(isInit);
    }

    @Test
    void whoeverCanChangeAPidFileHasRootSignalNoProcessOfAnother() throws Exception {
        assumeTrue(ProcessUser.isRoot());
        Path theirs = Files.createDirectory(folder.resolve("theirs"));
        Path pidFile = theirs.resolve("server.pid");
        Process ours = new ProcessBuilder("sleep", "60").start();
        Process other = new ProcessBuilder("setpriv", "--reuid=12345", "--clear-groups", "sleep", "60").start();
        try {
            // Of a user without a name, too.
            Files.setAttribute(theirs, "unix:uid", 12345);
            Files.writeString(pidFile, ours.pid() + "\n");
            assertThatThrownBy(() -> action("TERM:" + pidFile).deploy(certificate))
                    .isInstanceOf(IOException.class)
                    .hasMessageContainingAll("root sends no signal", theirs + " belongs to");
            assertThat(ours.isAlive()).isTrue();

            awaitUser(other);
            Files.writeString(pidFile, other.pid() + "\n");
            action("TERM:" + pidFile).deploy(certificate);
            assertThat(other.waitFor(30, TimeUnit.SECONDS)).isTrue();

            Files.setAttribute(theirs, "unix:uid", 0);
            Files.setPosixFilePermissions(theirs, PosixFilePermissions.fromString("rwxrwxrwx"));
            Files.writeString(pidFile, ours.pid() + "\n");
            assertThatThrownBy(() -> action("TERM:" + pidFile).deploy(certificate))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(theirs + " can be written by all users");
            assertThat(ours.isAlive()).isTrue();
        } finally {
            ours.destroyForcibly();
            other.destroyForcibly();
        }
    }

    // setpriv becomes the other user before it becomes the program.
    private static void awaitUser(Process process) throws Exception {
        while (process.info()
                .command()
                .filter(command -> command.endsWith("sleep"))
                .isEmpty()) {
            Thread.sleep(10);
        }
    }

    @Test
    void aPidFileThatIsAPipeIsNotRead() throws Exception {
        Path pipe = folder.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();

        assertThatThrownBy(() -> action("HUP:" + pipe).deploy(certificate))
                .isInstanceOf(IOException.class)
                .hasMessage(pipe + " is not a file");
    }

    @Test
    void exportsAreWrittenForEachCertificate() throws Exception {
        Path password = folder.resolve("password");
        Map<String, Deployment> actions =
                parse("pem:" + folder + "/tls/{name}\n\"pkcs12:" + folder + "/with blank/{name}.p12\" " + password);
        List<Deployment> both = new ArrayList<>(actions.values());

        both.get(0).deploy(certificate);
        assertThatThrownBy(() -> both.get(1).deploy(certificate)).isInstanceOf(IOException.class);
        Files.writeString(password, "\n");
        assertThatThrownBy(() -> both.get(1).deploy(certificate))
                .hasMessage(password + " is empty, where a password is expected");
        Files.writeString(password, "correct horse\n");
        both.get(1).deploy(certificate);

        assertThat(Pem.certificates(Files.readString(folder.resolve("tls/" + NAME + "/cert.pem"))))
                .containsExactly(HELD.certificate());
        KeyStore keystore = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(folder.resolve("with blank/" + NAME + ".p12"))) {
            keystore.load(in, "correct horse".toCharArray());
        }
        assertThat(keystore.getKey("www_example_org", "correct horse".toCharArray()))
                .isEqualTo(HELD.keyPair().getPrivate());
    }

    @Test
    void withoutACertificateNothingIsDone() {
        StoredCertificate none = new StoredCertificate(NAME, certificate.location(), null, null, null, null);

        assertThatThrownBy(() -> action("/bin/true").deploy(none))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("there is no certificate in ");
    }

    /** wµCME's AND MORE: the certificate is copied to another system, which is then told to use it. */
    @Test
    void copyToAnotherSystemThenActThere() throws Exception {
        Path other = folder.resolve("other-system");
        Path told = folder.resolve("told");
        String copy = script("copy", "cp \"$WUCME_CERTIFICATE_FILE\" " + other + "/ || { echo it is down; exit 1; }");
        String act = script("act", "cat " + other + "/*.PEM >" + told);
        Map<String, Deployment> actions = parse("+\n" + copy + "\n" + act);
        save(List.copyOf(actions.keySet()));
        Instant[] now = {Instant.now()};
        InstantSource source = () -> now[0];
        CertificateManager.Builder builder = CertificateManager.builder(store).clock(source.withZone(ZoneOffset.UTC));
        actions.forEach(builder::deployment);
        try (CertificateManager manager = builder.build()) {
            manager.deployOwed();
            assertThat(told).doesNotExist();
            RenewalRecord record =
                    Objects.requireNonNull(store.load(NAME).orElseThrow().renewal());
            assertThat(record.deployments().pending()).containsExactly(copy, act);
            assertThat(Objects.requireNonNull(record.deployments().failure()).problem())
                    .startsWith(copy + ": ")
                    .endsWith("exit code 1: it is down");

            Files.createDirectory(other);
            now[0] = now[0].plus(Duration.ofMinutes(1));
            manager.deployOwed();

            assertThat(told).hasSameTextualContentAs(Path.of(certificate.location()));
            assertThat(Objects.requireNonNull(store.load(NAME).orElseThrow().renewal())
                            .deployments()
                            .pending())
                    .isEmpty();
        }
    }
}
