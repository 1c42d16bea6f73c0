int harena__private;
