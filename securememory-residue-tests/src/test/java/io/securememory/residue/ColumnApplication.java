package io.securememory.residue;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.securememory.Secret;
import io.securememory.jca.AesGcm;
import io.securememory.spring.boot.NamedSecret;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Keeps a column of a database encrypted. */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import(ColumnApplication.Customers.class)
class ColumnApplication {

    private static final int ROWS = 50;

    static class Customers {

        private static final byte[] PLACE = "customer.iban".getBytes(UTF_8);

        private final JdbcClient client;
        private final AesGcm cipher;

        Customers(JdbcClient client, @NamedSecret("key") Secret key) {
            this.client = client;
            this.cipher = new AesGcm(key);
        }

        void createTable() {
            client.sql("CREATE TABLE customer (id INT PRIMARY KEY, iban VARBINARY(100))")
                    .update();
        }

        void write(int id, String iban) {
            client.sql("INSERT INTO customer VALUES (?, ?)")
                    .param(id)
                    .param(cipher.encrypt(iban.getBytes(UTF_8), PLACE))
                    .update();
        }

        String read(int id) {
            byte[] column = client.sql("SELECT iban FROM customer WHERE id = ?")
                    .param(id)
                    .query(byte[].class)
                    .single();
            return new String(cipher.decrypt(column, PLACE), UTF_8);
        }
    }

    static Kept begin(Given given) {
        ConfigurableApplicationContext context = Contexts.start(
                given,
                WebApplicationType.NONE,
                ColumnApplication.class,
                Contexts.secret(given, "key", "key" + Material.SECRET));
        Customers customers = context.getBean(Customers.class);
        customers.createTable();
        for (int i = 0; i < ROWS; i++) {
            String iban = "DE00 0000 0000 0000 0000 " + i;
            customers.write(i, iban);
            if (!customers.read(i).equals(iban)) {
                throw new IllegalStateException("another number was read than was written");
            }
        }
        return Kept.of(context);
    }
}
