package org.wucme.cli.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.wucme.acme.internal.files.ProcessUser;
import org.wucme.manage.Deployment;

class LoadActionsTest {

    private static final Deployment RELOAD = certificate -> {};

    private static Map<String, Deployment> parse(String... values) {
        return LoadActions.parse(List.of(values), RELOAD, OkHttpClient::new, LoadEvent.LOAD);
    }

    @Test
    void actionsKeepTheirOrderInLinesAndInValues() {
        Map<String, Deployment> actions = parse(
                "\n  + \n\nHUP:/run/nginx.pid\r\npem:/etc/tls/{name}", "/bin/copy a 'b c'", "https://host.example/x");

        assertThat(actions.keySet())
                .containsExactly(
                        "+",
                        "HUP:/run/nginx.pid",
                        "pem:/etc/tls/{name}",
                        "/bin/copy a 'b c'",
                        "https://host.example/…");
        assertThat(actions.get("+")).isSameAs(RELOAD);
    }

    @Test
    void nothingIsNoAction() {
        assertThat(parse()).isEmpty();
        assertThat(parse("", " \n ")).isEmpty();
    }

    @Test
    void namesStayTheSameAndTheSameTwiceIsTwoActions() {
        String[] values = {"https://a.example/1\nHUP:/run/a.pid\nhttps://a.example/2\nHUP:/run/a.pid"};

        assertThat(parse(values).keySet())
                .containsExactly(
                        "https://a.example/…", "HUP:/run/a.pid", "https://a.example/… (2)", "HUP:/run/a.pid (2)")
                .isEqualTo(parse(values).keySet());
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "https://host.example,https://host.example",
                "https://host.example/,https://host.example/",
                "https://host.example:8443/hooks/T0KEN,https://host.example:8443/…",
                "https://host.example?t=T0KEN,https://host.example/…",
                "https://me:T0KEN@host.example/,https://host.example/",
                "HTTPS://me:T0KEN@host.example/x,HTTPS://host.example/…",
                "https://me:T0/KEN@host.example/,https://…",
                "https://host.example/a@T0KEN,https://…",
                "curl -d x https://me:T0KEN@host.example/T0KEN -v,curl -d x https://host.example/… -v",
                "curl 'https://me:T0KEN@host.example',curl 'https://host.example'",
                "rsync /x rsync://me:T0KEN@host.example/x,rsync /x rsync://host.example/…"
            })
    void noSecretOfAUrlIsInAName(String action, String name) {
        assertThat(LoadActions.nameOf(action)).isEqualTo(name);
    }

    @Provide
    Arbitrary<String> secrets() {
        return Arbitraries.strings().withChars("T0KEN").ofLength(8).map(text -> "s3cr3t" + text);
    }

    @Property(tries = 300)
    void noSecretOfAUrlIsInANameWhereverItStands(
            @ForAll("secrets") String secret, @ForAll("separators") String around) {
        String url = "https://user:" + around + secret + "@host.example/" + around + secret + "?" + around + secret;

        assertThat(LoadActions.nameOf(url)).doesNotContain("s3cr3t");
        assertThat(LoadActions.nameOf("curl " + url + " x")).doesNotContain("s3cr3t");
    }

    @Provide
    Arbitrary<String> separators() {
        return Arbitraries.strings().withChars("/?#@:;&=%+.").ofMaxLength(4);
    }

    @Test
    void whatWouldNotWorkIsToldBeforeItIsNeeded() {
        try (Logged log = Logged.of(LoadActions.class)) {
            parse("/bin/true", "+");
            assertThat(log.lines()).isEmpty();

            parse("/no/such https://user:T0KEN@host.example/");
            parse("+");

            assertThat(log.lines())
                    .containsExactly(
                            "the load action \"/no/such https://host.example/\" will fail: the program /no/such is not"
                                    + " there",
                            "the load action \"+\" is for servers inside this process: any other one needs an action of"
                                    + " its own");
        }
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '^',
            delimiter = '¦',
            value = {
                "/bin/true && /bin/true ¦ &&",
                "/bin/true; /bin/true ¦ ;",
                "/bin/true x &¦ &",
                "/bin/true | /bin/true ¦ |",
                "/bin/true || /bin/true ¦ ||",
                "/bin/true >/dev/null ¦ >",
                "/bin/true x 2>&1 ¦ 2>&1",
                "/bin/true <file ¦ <",
                "/bin/true $HOME/x ¦ $HOME",
                "/bin/true ${T0KEN}x ¦ ${",
                "/bin/true $(id) ¦ $(",
                "/bin/true `id` ¦ `",
                "/bin/true \"$HOME/x\" ¦ $HOME",
                "/bin/true ~/x ¦ ~",
                "~/bin/reload ¦ ~",
                "/bin/true /etc/*.pem ¦ *",
                "/bin/true a? ¦ ?",
                "/bin/true [ab] ¦ [ab]",
                "/bin/true /etc/{a,b} ¦ {a,b}",
                "/bin/true a\\ b ¦ \\",
                "/bin/true # comment ¦ #",
                "A=b /bin/true ¦ A=",
                "HUP:/run/nginx.pid # nginx ¦ #",
                "HUP:/run/nginx*.pid ¦ *",
                "pem:/etc/$NAME ¦ $NAME",
                "/bin/sh -c echo x && /bin/true ¦ &&"
            })
    void whatOnlyAShellUnderstandsGetsAWarning(String action, String part) {
        try (Logged log = Logged.of(LoadActions.class)) {
            parse(action);

            assertThat(log.lines())
                    .filteredOn(line -> line.contains("without a shell"))
                    .singleElement()
                    .satisfies(line -> assertThat(line)
                            .contains(
                                    "\"" + action + "\"", "so that " + part + " is taken as it stands", "/bin/sh -c"));
        }
        assertThat(LoadActions.problems(List.of(action), OkHttpClient::new))
                .anyMatch(line -> line.contains("without a shell"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "+",
                "/bin/true a 'b && c' 'x | y' '$HOME' '~' '*'",
                "/bin/true \"a > b; c\"",
                "/bin/sh -c 'x && y >z; echo $HOME ~ *'",
                "/bin/sh -ec \"x && y $HOME\"",
                "/bin/true https://host.example/x?a=b&c=d;e",
                "/bin/true [2001:db8::1]:443 a~b a#b 100% --x=y -1",
                "/bin/true /etc/wucme/WUCME_C_WWW$0A1B2C3D4E.PEM {name}",
                "/usr/bin/env A=b /bin/true",
                "/bin/true a,b --mount type=bind,/x --urls=https://a.example/,https://b.example/ host,b:/x a,+b @a,@b",
                "HUP://run/nginx.pid",
                "/bin/true 'a, b' \"c, /d\"",
                "HUP:/run/nginx.pid",
                "pem:/etc/tls/{name}",
                "pkcs12:/etc/{name}.p12 /etc/password",
                "https://host.example/x?a=b&c=(d)*"
            })
    void whatNoShellWouldChangeGetsNone(String action) {
        assertThat(LoadActions.problems(List.of(action), OkHttpClient::new)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "+,/bin/true",
                "+, HUP:/run/nginx.pid",
                "HUP:/run/nginx.pid,pem:/etc/tls/{name}",
                "HUP:/run/nginx.pid, /bin/true",
                "SIGHUP:/run/a.pid,SIGUSR1:/run/b.pid",
                "/bin/true,/bin/true",
                "/bin/true x,HUP:/run/nginx.pid",
                "/bin/true x, /bin/true",
                "/bin/true x,pem:/etc/tls",
                "https://host.example/,+",
                "@/bin/true,@/bin/true"
            })
    void commasBetweenActionsGetAHint(String action) {
        assertThat(LoadActions.problems(List.of(action), OkHttpClient::new))
                .anyMatch(line -> line.contains("commas do not separate") && line.contains("WUCME_LOAD="));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "KILL:/run/nginx.pid,HUP:/run/nginx.pid",
                "pem:/a,pkcs12:/b /etc/password",
                "/bin/true,https://host.example/T0KEN",
                "HUP:/run/nginx.pid,https://host.example/T0KEN",
                "pem:/etc/tls,https://host.example/T0KEN"
            })
    void commasInWhatCannotBeUnderstoodGetAHintToo(String action) {
        assertThatThrownBy(() -> parse(action))
                .hasMessageContaining("commas do not separate")
                .hasMessageNotContaining("T0KEN");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "KILL:/run/nginx.pid",
                "STOP:/run/nginx.pid",
                "HUP:",
                "SIGHUP:nginx.pid",
                "https://",
                "https://user:T0KEN@",
                "htps://host.example/T0KEN",
                "ftp://user:T0KEN@host.example/",
                "pem:",
                "pem:relative/folder",
                "pem:/a /b",
                "pkcs12:/etc/tomcat/tls.p12",
                "pkcs12:tls.p12 /etc/tomcat/password",
                "pkcs12:/etc/tomcat/tls.p12 password",
                "/bin/copy 'a",
                "curl 'https://user:T0KEN@host.example/",
                "\"\""
            })
    void whatCannotBeUnderstoodIsSaid(String action) {
        assertThatThrownBy(() -> parse("+", action))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("the load action \"" + LoadActions.nameOf(action) + "\" cannot be understood: ")
                .hasMessageNotContaining("T0KEN");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://user:T0KEN@host.example/x", "http://host.example/T0KEN"})
    void aUrlThatWouldSendASecretUnencryptedIsRefused(String url) {
        assertThatThrownBy(() -> parse("+", url))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("the load action \"http://host.example/…\" is refused", "https://")
                .hasMessageNotContaining("T0KEN");
    }

    @Test
    void aProgramThatAnotherUserCanChangeIsRefusedToRoot(@TempDir Path folder) throws Exception {
        assumeTrue(ProcessUser.isRoot());
        Path program = Files.copy(Path.of("/bin/true"), folder.resolve("copy-it"));
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xrwx"));

        assertThatThrownBy(() -> parse("+", "@" + program + " there"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll(
                        "the load action \"@" + program + " there\" is refused",
                        program + " can be written by all users");
    }
}
