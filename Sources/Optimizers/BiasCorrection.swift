import Theory
