package io.securememory.test.search;

/** Which objects have texts because they are written in source code. */
final class Literals {

    /** HotSpot writes the texts of a class into its dump as an array that a static field of this name has. */
    private static final String TEXTS_OF_CLASS = "<resolved_references>";

    private static final String OF_JAVA = "sun.reflect.annotation.AnnotationInvocationHandler";

    /** What Spring has read of annotations, in classes or in class files. */
    private static final String OF_SPRING = "org.springframework.core.annotation.";

    private Literals() {}

    /** Tells whether the field has an array of the texts of a class. */
    static boolean isClass(String field) {
        return field.equals(TEXTS_OF_CLASS);
    }

    /** Tells whether objects of the class have the values of annotations. */
    static boolean isAnnotation(String type) {
        return type.equals(OF_JAVA) || type.startsWith(OF_SPRING);
    }
}
