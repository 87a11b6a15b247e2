/* test_walfile: */
int main(void){return 0;}
