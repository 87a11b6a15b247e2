/* test_strata_walk: */
int main(void){return 0;}
