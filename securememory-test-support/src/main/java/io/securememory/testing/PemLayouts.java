package io.securememory.testing;

import static io.securememory.testing.PemForms.OK;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.securememory.testing.PemForms.Form;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.function.UnaryOperator;

/** How the text of a key and of a certificate may be laid out, and what may be around it. */
final class PemLayouts {

    private static final String KEY = PemForms.file("rsa.pem");
    private static final String CERTIFICATE = PemForms.file("rsa.crt");
    private static final String MARK = bytes("\ufeff", UTF_8);

    private final List<Form> forms = new ArrayList<>();

    private PemLayouts() {}

    static List<Form> all() {
        PemLayouts all = new PemLayouts();
        all.layouts();
        all.surroundings();
        return all.forms;
    }

    private static String bytes(String text, Charset charset) {
        return new String(text.getBytes(charset), ISO_8859_1);
    }

    private void add(String name, String key, String certificate) {
        forms.add(new Form(name, key, certificate, null, OK));
    }

    private void key(String name, String key) {
        add(name, key, CERTIFICATE);
    }

    private void refused(String name, String key, String expected) {
        forms.add(new Form(name, key, CERTIFICATE, null, expected));
    }

    static String indented(String text) {
        return text.replaceAll("(?m)^", "    ");
    }

    static String crlf(String text) {
        return text.replace("\n", "\r\n");
    }

    /** What is in the block, without line breaks. */
    private static String body(String pem) {
        return pem.replaceAll("-.*\n", "").replace("\n", "");
    }

    private static String block(String body) {
        return "-----BEGIN PRIVATE KEY-----\n" + body + "\n-----END PRIVATE KEY-----\n";
    }

    private static String lines(int length) {
        return block(body(KEY).replaceAll("(.{" + length + "})", "$1\n"));
    }

    private void layouts() {
        both("trailing blanks", text -> text.replace("\n", "  \n"));
        both("trailing tabs", text -> text.replace("\n", "\t\n"));
        both("indented by blanks", PemLayouts::indented);
        both("indented by tabs", text -> text.replaceAll("(?m)^", "\t"));
        both("blanks on both sides", text -> text.replaceAll("(?m)^(.*)$", " \t$1\t "));
        both("empty lines", text -> text.replace("\n", "\n\n"));
        both("lines of blanks", text -> text.replace("\n", "\n  \t\n"));
        both("CRLF", PemLayouts::crlf);
        both("CR", text -> text.replace('\n', '\r'));
        both("CRLF and blanks", text -> text.replace("\n", " \r\n"));
        both("no line break at the end", String::strip);
        both("many line breaks at the end", text -> text + "\r\n\n\n");
        both("form feeds", text -> text.replace("\n", "\f\n"));
        both("vertical tabs", text -> text.replace("\n", "\u000b\n"));
        both("zeros at the end of lines", text -> text.replace("\n", "\0\n"));
        both("byte order mark", text -> MARK + text);
        both("mark of UTF-16 and text that is none", text -> "\u00ff\u00fe" + text);
        both("the other mark of UTF-16", text -> "\u00fe\u00ff\n" + text);
        both("end of file of DOS", text -> text + "\u001a");
        both("lower case labels", text -> text.replace("BEGIN", "begin").replace("END", "end"));
        both("few dashes", text -> text.replace("-----", "-"));
        both("many dashes", text -> text.replace("-----", "--------"));
        both("blanks between the words", text -> text.replace("BEGIN ", "BEGIN \t "));
        both("words behind the label", text -> text.replaceAll("(BEGIN [A-Z ]+)-", "$1 (mine)-"));
        key("lower case words", KEY.replace("PRIVATE KEY", "private key"));
        lines();
    }

    private void lines() {
        for (int length : List.of(1, 3, 63, 65, 76, 10_000)) {
            key("lines of " + length, lines(length));
        }
        key("all in one line", block(body(KEY)).replace("\n", " "));
        key("last line at the end of another one", block(body(KEY)).replace("\n-----END", "-----END"));
        key("first line without its break", block(body(KEY)).replace("-----\n", "-----"));
        key("blanks inside of lines", KEY.replaceAll("(?m)^(\\w{9})", "$1 "));
        key("no padding", KEY.replace("=", ""));
        key("bytes behind the key", block(encoded(KEY, 3)));
        key("headers", KEY.replaceFirst("\n", "\nComment: mine, of 2026\nX-Y: z\n\n"));
        key("headers without an empty line", KEY.replaceFirst("\n", "\nComment: mine\n"));
        key("folded headers", KEY.replaceFirst("\n", "\nComment: mine,\n and more\n\n"));
        refused("cut off", KEY.substring(0, KEY.length() / 2), "no line -----END");
        refused("a line lost", KEY.replaceFirst("(?m)^\\w.{63}\n", ""), "no private key in PKCS#8");
        refused("a wrong character", KEY.replaceFirst("\n.", "\n*"), "alphabet of Base64 (byte offset 28");
        refused(
                "a colon in the first line",
                KEY.replaceFirst("(\n.{9}).", "$1:"),
                "alphabet of Base64 (byte offset 37");
        refused("a colon in the last line", KEY.replaceFirst(".(.\n-----E)", ":$1"), "alphabet of Base64 (byte offset");
        refused("words before the key", KEY.replaceFirst("\n", "\nmy key: "), "alphabet of Base64 (byte offset 34");
        for (String name : List.of("A_B", "A B", "A ", "A.B")) {
            refused("a header " + name, KEY.replaceFirst("\n", "\n" + name + ": c\n\n"), "alphabet of Base64");
        }
        refused("a no-break space", KEY.replaceFirst("\n", "\u00a0\n"), "alphabet of Base64 (byte offset 27");
        refused("no last dashes", KEY.strip().replaceFirst("-+$", ""), "no line -----END");
        refused("UTF-16, little-endian", bytes("\ufeff" + KEY, UTF_16LE), "UTF-16");
        refused("UTF-16, big-endian", bytes("\ufeff" + KEY, UTF_16BE), "UTF-16");
        refused("line breaks as \\n", KEY.replace("\n", "\\n"), "alphabet of Base64 (byte offset 27");
    }

    private void both(String name, UnaryOperator<String> change) {
        key("key: " + name, change.apply(KEY));
        add("certificate: " + name, KEY, change.apply(CERTIFICATE));
    }

    /** With so many bytes more behind it. */
    private static String encoded(String pem, int more) {
        byte[] der = Base64.getDecoder().decode(body(pem));
        return Base64.getEncoder().encodeToString(Arrays.copyOf(der, der.length + more));
    }

    private void surroundings() {
        both("text before", text -> "What this is: a key\nof mine\n\n" + text);
        both("text behind", text -> text + "the end");
        both("comments with dashes", text -> "# --- mine - not yours ---\n" + text + "# -- end --\n");
        both("text of Latin-1 before", text -> "für mich\n" + text);
        both("text of UTF-8 before", text -> bytes("schlüssel 🔑\u2028", UTF_8) + text);
        both("text in the same line", text -> "key: " + text.strip() + " # mine");
        both(
                "another block before",
                text -> "-----BEGIN DH PARAMETERS-----\nMAA=\n-----END DH PARAMETERS-----\n" + text);
        both("a block without an end before", text -> "-----BEGIN DH PARAMETERS-----\nMAA=\n" + text);
        both("a block without an end behind", text -> text + "-----BEGIN DH PARAMETERS-----\nMAA=\n");
        pair("key and certificate in one file", KEY + CERTIFICATE);
        pair("certificate and key in one file", CERTIFICATE + KEY);
        pair("both with byte order marks in one file", MARK + CERTIFICATE + MARK + KEY);
        pair("PKCS#1 and certificate in one file", crlf(PemForms.file("rsa-pkcs1.pem")) + CERTIFICATE);
        pair("without a line break between", KEY.strip() + CERTIFICATE);
        String leaf = PemForms.file("prime256v1.pem");
        String chain = PemForms.file("chain.crt");
        int number = 0;
        for (String all : List.of(leaf + chain, chain + leaf, indented(crlf(chain + leaf)))) {
            add("key and chain in one file, " + ++number, all, all);
        }
        add("SEC 1 between certificates", split(chain), split(chain));
        add("pkcs12.pem", PemForms.file("pkcs12.pem"), PemForms.file("pkcs12.pem"));
    }

    private static String split(String chain) {
        int second = chain.lastIndexOf("-----BEGIN");
        return chain.substring(0, second) + PemForms.file("prime256v1-sec1.pem") + chain.substring(second);
    }

    private void pair(String name, String text) {
        add(name, text, text);
    }
}
